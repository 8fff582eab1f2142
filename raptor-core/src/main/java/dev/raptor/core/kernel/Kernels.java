package dev.raptor.core.kernel;

/**
 * The arithmetic that everything else is made of. Two providers implement it, one in plain Java and
 * one on the Vector API, and agree bit for bit: each output is accumulated in one fixed order with
 * {@link Math#fma}, sums over lanes go in ascending order or, where nothing is multiplied, over
 * eight partial sums, and tanh is one rational function.
 *
 * <p>A <em>block</em> is a structure of arrays: {@code features} rows of {@code lanes} numbers, row
 * {@code f} of lane {@code l} at {@code offset + f * lanes + l}. Lanes are vehicles or samples. All
 * arrays are the caller's, nothing is allocated, and offsets and sizes are trusted: the networks
 * above check them once. {@code lanes} may be any number; {@link #PANEL} is fastest, then a
 * multiple of it. Where there are several blocks, they follow each other.
 */
public interface Kernels {
  /** The lanes of a block that need not be copied before they are multiplied. */
  int PANEL = 32;

  /** What runs, for people: the provider and its width. */
  String name();

  /**
   * One dense layer over blocks, {@code y = W x + b}, then {@code max(0, y)} if {@code relu}. Each
   * output starts at its bias and adds the inputs in ascending order.
   *
   * @param w weights {@code [outputs][inputs]} from {@code wo}
   * @param b biases {@code [outputs]} from {@code bo}
   * @param x inputs, blocks of {@code inputs} rows
   * @param y outputs, blocks of {@code outputs} rows; overwritten
   */
  void dense(
      int outputs,
      int inputs,
      int lanes,
      int blocks,
      float[] w,
      int wo,
      float[] b,
      int bo,
      float[] x,
      int xo,
      float[] y,
      int yo,
      boolean relu);

  /** The gradient with respect to a dense layer's inputs, {@code dx = Wᵀ dy}; adds if asked to. */
  void denseInputGradient(
      int outputs,
      int inputs,
      int lanes,
      int blocks,
      float[] w,
      int wo,
      float[] dy,
      int dyo,
      float[] dx,
      int dxo,
      boolean add);

  /**
   * Adds the gradients with respect to a dense layer's weights and biases, {@code dW += dy xᵀ} and
   * {@code db += Σ dy}, over the lanes of all blocks (time steps), one after the other.
   */
  void denseWeightGradient(
      int outputs,
      int inputs,
      int lanes,
      int blocks,
      float[] dy,
      int dyo,
      float[] x,
      int xo,
      float[] dw,
      int dwo,
      float[] db,
      int dbo);

  /**
   * Units, or other outputs, in a group of the kernels of a single sample, which know whole groups
   * only.
   */
  int SINGLE_GROUP = 16;

  /**
   * Numbers in a group of gates: r, z and n of {@link #SINGLE_GROUP} units, one after the other.
   */
  int GATES_GROUP = 3 * SINGLE_GROUP;

  /** Numbers in a group of {@link #stateProducts}: outputs, then the gates r, z and n of units. */
  int READ_GROUP = SINGLE_GROUP + GATES_GROUP;

  /** That many numbers, rounded up to whole groups. */
  static int padded(int n, int group) {
    return (n + group - 1) / group * group;
  }

  /** The units or outputs that the kernels of a single sample compute where there are that many. */
  static int singleWidth(int outputs) {
    return padded(outputs, SINGLE_GROUP);
  }

  /**
   * Where a number of a unit, or the first of a column of them, stands among groups for a single
   * sample.
   *
   * @param part which of the numbers that a group has of each unit, from 0
   * @param group the numbers of a row: {@link #SINGLE_GROUP} or a multiple of it
   * @param rows of a group: for packed parameters {@code 1 + inputs}, for what is computed 1
   */
  static int singleIndex(int unit, int part, int group, int rows) {
    return unit / SINGLE_GROUP * group * rows + part * SINGLE_GROUP + unit % SINGLE_GROUP;
  }

  /**
   * One dense layer of a single sample with a ReLU, {@code y = max(0, W x + b)}, in the order of
   * {@link #dense} and so with its bits. The parameters are packed for it: for each {@link
   * #SINGLE_GROUP} outputs the biases, then the weights of each input.
   *
   * @param width the outputs, rounded up to whole groups
   * @param w {@code [groups][1 + inputs][SINGLE_GROUP]} from {@code wo}
   * @param x the inputs
   * @param y the outputs, {@code width} of them; overwritten
   */
  void denseSingle(int width, int inputs, float[] w, int wo, float[] x, float[] y);

  /**
   * One step of a GRU for a single sample, {@link #gruGates} of {@code gi = Wi x + bi} and of what
   * {@link #stateProducts} made of the state.
   *
   * @param width the units, rounded up to whole groups
   * @param w Wi and bi, {@code [groups][1 + inputs][GATES_GROUP]} from {@code wo}
   * @param x the inputs
   * @param gi room for a {@link #GATES_GROUP}
   * @param read {@code [groups][READ_GROUP]}, of which the gates are read
   * @param h the state, {@code width} units; receives the new one
   * @param last receives the state as it was
   */
  void gruSingle(
      int width,
      int inputs,
      float[] w,
      int wo,
      float[] x,
      float[] gi,
      float[] read,
      float[] h,
      float[] last);

  /**
   * All that a state of a single sample is multiplied with, each as {@link #dense} would: the layer
   * behind the GRU, and the state's part of the gates of the next step, {@code gh = Wh h + bh}. One
   * loop makes both, as neither keeps the processor busy on its own.
   *
   * @param width the outputs or the units, whatever is more, rounded up to whole groups
   * @param inputs the units
   * @param w {@code [groups][1 + inputs][READ_GROUP]} from {@code wo}
   * @param h the state
   * @param y {@code [groups][READ_GROUP]}: outputs, r, z and n; overwritten
   */
  void stateProducts(int width, int inputs, float[] w, int wo, float[] h, float[] y);

  /** Outputs in a group of {@link #densePanel}, of which there are whole ones only. */
  int panelRows();

  /**
   * One dense layer over a block of {@link #PANEL} lanes, of which the first {@code lanes} count,
   * in the order of {@link #dense} and so with its bits. The parameters are packed for it: for each
   * {@link #panelRows} outputs the biases, then the weights of each input.
   *
   * @param w {@code [groups][1 + inputs][panelRows]} from {@code wo}
   * @param x a block of {@code inputs} rows, from {@code xo}
   * @param y a block of the outputs, with room for those of whole groups; overwritten
   */
  void densePanel(
      int outputs,
      int inputs,
      int lanes,
      float[] w,
      int wo,
      float[] x,
      int xo,
      float[] y,
      boolean relu);

  /** Copies {@code n} numbers of each of some rows, which may lie further apart than that. */
  void copyRows(
      int rows, int n, float[] from, int fo, int fromStride, float[] to, int too, int toStride);

  /** Whether all numbers of x are finite. */
  boolean areFinite(float[] x);

  /** {@code y[i] = tanh(x[i])}, see {@link Tanh}. */
  void tanh(int n, float[] x, int xo, float[] y, int yo);

  /**
   * The backward pass of {@code y = max(0, x)}: {@code dy[i]} becomes 0 where {@code y[i]} is 0.
   */
  void reluBackward(int n, float[] y, int yo, float[] dy, int dyo);

  /** The backward pass of {@code y = tanh(x)}: {@code dy[i] ← dy[i] (1 - y[i]²)}. */
  void tanhBackward(int n, float[] y, int yo, float[] dy, int dyo);

  /**
   * The gates of a GRU over {@code n = hidden * lanes} units, from {@code gi = Wi e + bi} and
   * {@code gh = Wh h + bh}, both stacked r, z, n: {@code r = σ(gi_r + gh_r)}, {@code z = σ(gi_z +
   * gh_z)}, {@code c = tanh(gi_n + r gh_n)}, {@code h' = c + z (h - c)}. The gates r, z, c
   * overwrite {@code gi}, for the backward pass; {@code gh} is left as it is, and {@code next} may
   * be {@code h}.
   */
  void gruGates(
      int n, float[] gi, int gio, float[] gh, int gho, float[] h, int ho, float[] next, int nexto);

  /**
   * The backward pass of {@link #gruGates}: from the gradient {@code dNext} of the new hidden
   * state, writes the gradients of {@code gi} and {@code gh} (before the activations, stacked r, z,
   * n) over {@code gates} and {@code gh}, and the direct part of the gradient of {@code h} to
   * {@code dh}.
   */
  void gruGatesBackward(
      int n,
      float[] gates,
      int gateso,
      float[] gh,
      int gho,
      float[] h,
      int ho,
      float[] dNext,
      int dNexto,
      float[] dh,
      int dho);

  /**
   * One step of Adam (Kingma and Ba, 2015) over {@code n} parameters: {@code m ← β1 m + (1-β1) g},
   * {@code v ← β2 v + (1-β2) g²}, {@code p ← p - rate m / (√(v scale) + epsilon)}, where {@code
   * rate} already holds the bias correction of m and {@code scale} is that of v.
   */
  void adam(
      int n,
      float[] p,
      float[] g,
      float[] m,
      float[] v,
      float beta1,
      float beta2,
      float rate,
      float scale,
      float epsilon);

  /** The provider that runs in this process; see {@link KernelProvider}. */
  static Kernels active() {
    return KernelProvider.ACTIVE;
  }

  /**
   * Whether the provider that runs in this process is on the Vector API, for other modules that
   * choose between two such providers of their own.
   */
  static boolean useVectors() {
    return KernelProvider.VECTORS;
  }
}
