import com.sun.source.tree.ArrayAccessTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ConditionalExpressionTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.ForLoopTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.Tree.Kind;
import com.sun.source.tree.TypeCastTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/**
 * Makes the vector twin of a kernel in plain Java, so that its equations stand once:
 *
 * <pre>
 *   java raptor-sim/src/generator/VectorTwins.java &amp;&amp; ./mvnw spotless:apply
 * </pre>
 *
 * <p>A loop over lanes, {@code for (int l = 0; l < count; l++)}, becomes one over vectors. In it a
 * float is a vector, an element whose index has {@code l} is as many as a vector has lanes, and
 * each operation is the vector's, in the order in which it stands: the same bits. A constant that
 * is added, subtracted from or multiplied and added is spread over a vector before the loop.
 * Everything else stays as it is; a method that gives a float, which is for one lane, is left out.
 */
public final class VectorTwins {
  private static final Path KERNEL = Path.of("src/main/java/dev/raptor/sim/kernel");
  private static final Map<Kind, String> COMPARISONS =
      Map.of(
          Kind.GREATER_THAN, "GT",
          Kind.GREATER_THAN_EQUAL, "GE",
          Kind.LESS_THAN, "LT",
          Kind.LESS_THAN_EQUAL, "LE");
  private static final Map<String, String> LITERALS = Map.of("0.5f", "half", "1", "one", "2", "two");

  private final String source;
  private final CompilationUnitTree unit;
  private final SourcePositions positions;
  private final List<Edit> edits = new ArrayList<>();
  private final Set<String> vectors = new HashSet<>();
  private final Map<String, String> constants = new LinkedHashMap<>();

  private record Edit(int from, int to, String text) {}

  private VectorTwins(Path file) throws IOException {
    source = Files.readString(file);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    var files = compiler.getStandardFileManager(null, null, null);
    JavacTask task =
        (JavacTask)
            compiler.getTask(null, files, null, null, null, files.getJavaFileObjects(file));
    unit = task.parse().iterator().next();
    positions = Trees.instance(task).getSourcePositions();
  }

  /** Writes the twins, or prints the one that is named, for a test to compare. */
  public static void main(String... arguments) throws IOException {
    Path kernel = Files.isDirectory(KERNEL) ? KERNEL : Path.of("raptor-sim").resolve(KERNEL);
    for (String name : List.of("Stages", "Adjoint")) {
      String twin = new VectorTwins(kernel.resolve("Scalar" + name + ".java")).twin();
      if (arguments.length == 0) {
        Files.writeString(kernel.resolve("vector/Vector" + name + ".java"), twin);
      } else if (arguments[0].equals(name)) {
        System.out.print(twin);
      }
    }
  }

  private String twin() {
    ClassTree type = (ClassTree) unit.getTypeDecls().get(0);
    for (Tree member : type.getMembers()) {
      if (member instanceof MethodTree method && method.getBody() != null) {
        method(method);
      }
    }
    edits.sort((a, b) -> Integer.compare(b.from, a.from));
    StringBuilder out = new StringBuilder(source);
    for (Edit edit : edits) {
      out.replace(edit.from, edit.to, edit.text);
    }
    String plain = type.getSimpleName().toString();
    return out.toString()
        .replace("package dev.raptor.sim.kernel;", "package dev.raptor.sim.kernel.vector;")
        .replace(
            "import static dev.raptor.sim.kernel.Dynamics.*;\n",
            """
            import static dev.raptor.sim.kernel.Dynamics.*;
            import static dev.raptor.sim.kernel.vector.Width.SPECIES;
            import static dev.raptor.sim.kernel.vector.Width.V;

            import jdk.incubator.vector.FloatVector;
            import jdk.incubator.vector.VectorOperators;
            """)
        .replace("Scalar", "Vector")
        .replaceFirst(
            "\\. \\*/\nfinal class",
            ",\n * on the Vector API; generated from {@code " + plain + "} by VectorTwins. */\nfinal class");
  }

  private void method(MethodTree method) {
    if (method.getReturnType() != null && text(method.getReturnType()).equals("float")) {
      // With its comment and the empty line before.
      int from = source.lastIndexOf("\n\n", start(method));
      edits.add(new Edit(from, end(method), ""));
      return;
    }
    vectors.clear();
    constants.clear();
    new TreeScanner<Void, Void>() {
      @Override
      public Void visitForLoop(ForLoopTree loop, Void nothing) {
        if (text(loop.getCondition()).equals("l < count")) {
          Tree update = loop.getUpdate().get(0);
          edits.add(new Edit(start(update), end(update), "l += V"));
          lanes(loop);
          return null;
        }
        return super.visitForLoop(loop, nothing);
      }
    }.scan(method.getBody(), null);
    StringBuilder spread = new StringBuilder();
    constants.forEach(
        (value, name) ->
            spread.append(
                "\n    FloatVector %s = FloatVector.broadcast(SPECIES, %s);"
                    .formatted(name, value)));
    int body = start(method.getBody()) + 1;
    edits.add(new Edit(body, body, spread.toString()));
  }

  private void lanes(ForLoopTree loop) {
    new TreeScanner<Void, Void>() {
      @Override
      public Void visitVariable(VariableTree variable, Void nothing) {
        String name = variable.getName().toString();
        String value = vector(variable.getInitializer());
        vectors.add(name);
        edits.add(
            new Edit(
                start(variable), end(variable), "FloatVector %s = %s;".formatted(name, value)));
        return null;
      }

      @Override
      public Void visitAssignment(AssignmentTree assignment, Void nothing) {
        ArrayAccessTree to = (ArrayAccessTree) assignment.getVariable();
        String written =
            "%s.intoArray(%s, %s)"
                .formatted(
                    vector(assignment.getExpression()),
                    text(to.getExpression()),
                    text(to.getIndex()));
        edits.add(new Edit(start(assignment), end(assignment), written));
        return null;
      }
    }.scan(loop.getStatement(), null);
  }

  /** What makes the vector of an expression that differs from lane to lane. */
  private String vector(ExpressionTree e) {
    return switch (e) {
      case IdentifierTree name -> text(name);
      case ParenthesizedTree inner -> vector(inner.getExpression());
      case TypeCastTree cast -> vector(cast.getExpression());
      case ArrayAccessTree read ->
          "FloatVector.fromArray(SPECIES, %s, %s)"
              .formatted(text(read.getExpression()), text(read.getIndex()));
      case BinaryTree binary -> arithmetic(binary);
      case ConditionalExpressionTree choice ->
          chosen(vector(choice.getFalseExpression()), choice.getCondition(), choice);
      case MethodInvocationTree call -> call(call);
      default -> throw unknown(e);
    };
  }

  private String arithmetic(BinaryTree binary) {
    ExpressionTree left = binary.getLeftOperand();
    ExpressionTree right = binary.getRightOperand();
    return switch (binary.getKind()) {
      case PLUS -> spread(left) + ".add(" + spread(right) + ")";
      case MINUS -> spread(left) + ".sub(" + spread(right) + ")";
      case DIVIDE -> spread(left) + ".div(" + spread(right) + ")";
      case MULTIPLY ->
          varies(left)
              ? vector(left) + ".mul(" + operand(right) + ")"
              : vector(right) + ".mul(" + operand(left) + ")";
      default -> throw unknown(binary);
    };
  }

  private String call(MethodInvocationTree call) {
    List<? extends ExpressionTree> of = call.getArguments();
    String method = text(call.getMethodSelect());
    switch (method.substring(method.lastIndexOf('.') + 1)) {
      case "fma":
        boolean first = varies(of.get(0));
        String factor = vector(of.get(first ? 0 : 1));
        return "%s.fma(%s, %s)"
            .formatted(factor, spread(of.get(first ? 1 : 0)), spread(of.get(2)));
      case "abs":
        return vector(of.get(0)) + ".abs()";
      case "sqrt":
        return vector(of.get(0)) + ".lanewise(VectorOperators.SQRT)";
      case "clamp":
        String value = text(of.get(0));
        String min = text(of.get(1));
        String max = text(of.get(2));
        return "%s.blend(%s, %s.compare(VectorOperators.GT, %s)).blend(%s, %s.compare(VectorOperators.LT, %s))"
            .formatted(value, max, value, max, min, value, min);
      default:
        throw unknown(call);
    }
  }

  /** {@code otherwise}, but what is chosen in lanes where the condition holds. */
  private String chosen(
      String otherwise, ExpressionTree condition, ConditionalExpressionTree choice) {
    BinaryTree test = (BinaryTree) unwrapped(condition);
    if (test.getKind() == Kind.CONDITIONAL_OR) {
      return chosen(chosen(otherwise, test.getLeftOperand(), choice), test.getRightOperand(), choice);
    }
    return "%s.blend(%s, %s.compare(VectorOperators.%s, %s))"
        .formatted(
            otherwise,
            operand(choice.getTrueExpression()),
            vector(test.getLeftOperand()),
            COMPARISONS.get(test.getKind()),
            operand(test.getRightOperand()));
  }

  /** A vector, or a number where the operation takes either. */
  private String operand(ExpressionTree e) {
    return varies(e) ? vector(e) : text(e);
  }

  /** A vector, of a constant the one that is made before the loop. */
  private String spread(ExpressionTree e) {
    if (varies(e)) {
      return vector(e);
    }
    String value = text(e);
    String name = LITERALS.get(value);
    if (name == null) {
      if (!(e instanceof IdentifierTree)) {
        throw unknown(e);
      }
      String[] words = value.toLowerCase(Locale.ROOT).split("_");
      name = words[0];
      for (int i = 1; i < words.length; i++) {
        name += words[i].substring(0, 1).toUpperCase(Locale.ROOT) + words[i].substring(1);
      }
    }
    constants.put(value, name);
    return name;
  }

  /** Whether an expression differs from lane to lane. */
  private boolean varies(ExpressionTree e) {
    return switch (unwrapped(e)) {
      case IdentifierTree name -> vectors.contains(text(name));
      case LiteralTree number -> false;
      case ArrayAccessTree read -> true;
      case BinaryTree b -> varies(b.getLeftOperand()) || varies(b.getRightOperand());
      case MethodInvocationTree call -> call.getArguments().stream().anyMatch(this::varies);
      case ConditionalExpressionTree choice -> true;
      case TypeCastTree cast -> varies(cast.getExpression());
      default -> false;
    };
  }

  private static ExpressionTree unwrapped(ExpressionTree e) {
    return e instanceof ParenthesizedTree inner ? unwrapped(inner.getExpression()) : e;
  }

  private IllegalStateException unknown(Tree tree) {
    return new IllegalStateException(
        "line %d: '%s' has no vector form here"
            .formatted(unit.getLineMap().getLineNumber(start(tree)), text(tree)));
  }

  private String text(Tree tree) {
    return source.substring(start(tree), end(tree));
  }

  private int start(Tree tree) {
    return (int) positions.getStartPosition(unit, tree);
  }

  private int end(Tree tree) {
    return (int) positions.getEndPosition(unit, tree);
  }
}
