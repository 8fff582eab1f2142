package dev.raptor.core.network;

import dev.raptor.core.kernel.Kernels;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Dense layers one after another; their parameters follow each other in one flat array. */
public record Mlp(List<Dense> layers) {
  /** Checks that each layer takes what the one before gives. */
  public Mlp {
    layers = List.copyOf(layers);
    if (layers.isEmpty()) {
      throw new IllegalArgumentException("an MLP of no layers; it must have at least one");
    }
    for (int i = 1; i < layers.size(); i++) {
      if (layers.get(i).inputs() != layers.get(i - 1).outputs()) {
        throw new IllegalArgumentException(
            "layer %d takes %d inputs, but layer %d gives %d"
                .formatted(i, layers.get(i).inputs(), i - 1, layers.get(i - 1).outputs()));
      }
    }
  }

  /**
   * Layers of the given sizes, inputs first; {@code hidden} between them, {@code last} at the end.
   */
  public static Mlp of(Activation hidden, Activation last, int... sizes) {
    List<Dense> layers = new ArrayList<>();
    for (int i = 1; i < sizes.length; i++) {
      layers.add(new Dense(sizes[i - 1], sizes[i], i == sizes.length - 1 ? last : hidden));
    }
    return new Mlp(layers);
  }

  /** The number of inputs of the first layer. */
  public int inputs() {
    return layers.get(0).inputs();
  }

  /** The number of outputs of the last layer. */
  public int outputs() {
    return layers.get(layers.size() - 1).outputs();
  }

  /** The number of parameters of all layers. */
  public int parameterCount() {
    return layers.stream().mapToInt(Dense::parameterCount).sum();
  }

  /** Where the parameters of a layer begin. */
  public int offset(int layer) {
    return layers.subList(0, layer).stream().mapToInt(Dense::parameterCount).sum();
  }

  /**
   * Draws orthogonal weights (Saxe et al., 2014) and zero biases.
   *
   * @param gain scale of the hidden layers' weights, √2 for ReLU
   * @param lastGain scale of the last layer's weights
   */
  public void initialiseOrthogonal(
      float[] parameters, float gain, float lastGain, RandomGenerator random) {
    for (int i = 0; i < layers.size(); i++) {
      Orthogonal.fill(
          parameters,
          offset(i),
          layers.get(i).outputs(),
          layers.get(i).inputs(),
          i == layers.size() - 1 ? lastGain : gain,
          random);
    }
  }

  /** Buffers for one thread that passes blocks of {@code lanes} samples through this network. */
  public Workspace workspace(int lanes) {
    return new Workspace(this, lanes);
  }

  /**
   * The activations and gradients of one block; owned by one thread. Between the layers a block of
   * many lanes is cut into blocks of {@link Kernels#PANEL}, which are the fastest.
   */
  public static final class Workspace {
    private final int lanes;
    private final int width;
    private final int blocks;
    private final Kernels kernels = Kernels.active();
    private final Dense[] layers;
    private final int[] offsets;

    /** What each layer saw, and behind that what the last one gave: {@code [blocks][n][width]}. */
    private final float[][] activations;

    private final float[][] gradients;
    private final float[] output;
    private final float[] outputGradient;

    private Workspace(Mlp mlp, int lanes) {
      this.lanes = lanes;
      width = lanes % Kernels.PANEL == 0 ? Kernels.PANEL : lanes;
      blocks = lanes / width;
      layers = mlp.layers.toArray(Dense[]::new);
      offsets = new int[layers.length];
      activations = new float[layers.length + 1][];
      gradients = new float[layers.length + 1][];
      activations[0] = new float[mlp.inputs() * lanes];
      gradients[0] = new float[mlp.inputs() * lanes];
      for (int i = 0; i < layers.length; i++) {
        offsets[i] = mlp.offset(i);
        activations[i + 1] = new float[layers[i].outputs() * lanes];
        gradients[i + 1] = new float[layers[i].outputs() * lanes];
      }
      output = new float[mlp.outputs() * lanes];
      outputGradient = new float[mlp.outputs() * lanes];
    }

    /** The samples of a block. */
    public int lanes() {
      return lanes;
    }

    /** The last layer's outputs, {@code [outputs][lanes]}, as {@link #forward} left them. */
    public float[] output() {
      return output;
    }

    /** Where {@link #backward} expects the gradient of the outputs. */
    public float[] outputGradient() {
      return outputGradient;
    }

    /**
     * The forward pass of the block {@code x} from {@code xo} on, parameters from {@code at} on.
     */
    public void forward(float[] p, int at, float[] x, int xo) {
      cut(layers[0].inputs(), x, xo, activations[0]);
      for (int i = 0; i < layers.length; i++) {
        layers[i].forward(
            kernels, p, at + offsets[i], width, blocks, activations[i], 0, activations[i + 1], 0);
      }
      join(layers[layers.length - 1].outputs(), activations[layers.length], output);
    }

    /**
     * The backward pass of the block that {@link #forward} saw last: adds the gradient of the
     * parameters to {@code gradient} from {@code go} on, and writes that of the inputs to {@code
     * dx} unless it is null.
     */
    public void backward(float[] p, int at, float[] gradient, int go, float[] dx) {
      cut(layers[layers.length - 1].outputs(), outputGradient, 0, gradients[layers.length]);
      for (int i = layers.length - 1; i >= 0; i--) {
        layers[i].activationBackward(
            kernels, width, blocks, activations[i + 1], 0, gradients[i + 1], 0);
        layers[i].weightGradient(
            kernels,
            width,
            blocks,
            gradients[i + 1],
            0,
            activations[i],
            0,
            gradient,
            go + offsets[i]);
        if (i > 0 || dx != null) {
          layers[i].inputGradient(
              kernels,
              p,
              at + offsets[i],
              width,
              blocks,
              gradients[i + 1],
              0,
              gradients[i],
              0,
              false);
        }
      }
      if (dx != null) {
        join(layers[0].inputs(), gradients[0], dx);
      }
    }

    /** {@code [rows][lanes]} as {@code [blocks][rows][width]}. */
    private void cut(int rows, float[] x, int xo, float[] to) {
      for (int t = 0; t < blocks; t++) {
        kernels.copyRows(rows, width, x, xo + t * width, lanes, to, t * rows * width, width);
      }
    }

    private void join(int rows, float[] from, float[] to) {
      for (int t = 0; t < blocks; t++) {
        kernels.copyRows(rows, width, from, t * rows * width, width, to, t * width, lanes);
      }
    }
  }
}
