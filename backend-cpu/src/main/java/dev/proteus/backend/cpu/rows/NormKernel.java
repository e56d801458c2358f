package dev.proteus.backend.cpu.rows;

import dev.proteus.backend.cpu.CpuBackend;
import dev.proteus.backend.cpu.rows.RowNorm.Centre;
import dev.proteus.backend.cpu.vector.InnerLoops;
import dev.proteus.backend.cpu.vector.RowLoops;
import dev.proteus.op.GroupNorm;
import dev.proteus.op.LayerNorm;
import dev.proteus.op.LayerNormBackward;
import dev.proteus.op.RmsNorm;
import dev.proteus.op.RmsNormBackward;
import dev.proteus.spi.Kernel;
import dev.proteus.spi.Operand;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.List;
import java.util.Optional;

/// [LayerNorm], [RmsNorm] and their gradients, and [GroupNorm], row by row. Float64 is left to the
/// definitions.
public final class NormKernel {
  private static final RowLoops LOOPS = InnerLoops.CHOSEN.rows();

  private NormKernel() {}

  /// The kernel of [LayerNorm] for such inputs, if there is one.
  public static Optional<Kernel> layerNorm(
      CpuBackend backend, LayerNorm op, List<TensorSpec> inputs) {
    Shape rows = rows(inputs.getFirst().shape(), op.axes());
    return forward(backend, inputs, rows, Centre.MEAN, op.eps());
  }

  /// The kernel of [RmsNorm] for such inputs, if there is one.
  public static Optional<Kernel> rmsNorm(CpuBackend backend, RmsNorm op, List<TensorSpec> inputs) {
    Shape rows = rows(inputs.getFirst().shape(), op.axes());
    return forward(backend, inputs, rows, Centre.ZERO, op.eps());
  }

  /// The kernel of [LayerNormBackward] for such inputs, if there is one.
  public static Optional<Kernel> layerNormBackward(
      CpuBackend backend, LayerNormBackward op, List<TensorSpec> inputs) {
    Shape rows = rows(inputs.get(1).shape(), op.axes());
    return backward(backend, inputs, rows, Centre.MEAN, op.eps());
  }

  /// The kernel of [RmsNormBackward] for such inputs, if there is one.
  public static Optional<Kernel> rmsNormBackward(
      CpuBackend backend, RmsNormBackward op, List<TensorSpec> inputs) {
    Shape rows = rows(inputs.get(1).shape(), op.axes());
    return backward(backend, inputs, rows, Centre.ZERO, op.eps());
  }

  /// The last axes as one.
  private static Shape rows(Shape shape, int axes) {
    int kept = shape.rank() - axes;
    return Shape.of(shape.slice(0, kept).numel(), shape.slice(kept, shape.rank()).numel());
  }

  private static Optional<Kernel> forward(
      CpuBackend backend, List<TensorSpec> inputs, Shape shape, Centre centre, double eps) {
    if (!Rows.accepts(inputs, shape.size(1))) {
      return Optional.empty();
    }
    return Optional.of((in, out) -> {
      try (Vectors vectors = new Vectors(backend)) {
        List<float[]> weights = in.stream().skip(1).map(vectors::floats).toList();
        Operand x = vectors.reshaped(in.getFirst(), shape);
        Operand y = vectors.reshaped(out.getFirst(), shape);
        Rows rows = new Rows(backend, List.of(x), List.of(y), new int[] {0}, 1);
        RowNorm norm = new RowNorm(rows.length(), centre, eps);
        float[] zeros = new float[weights.size() == 1 ? rows.length() : 0];
        rows.run(
            rows.slices(),
            _ ->
                (arrays, at, _) -> {
                  switch (weights.size()) {
                    case 0 -> norm.apply(arrays[0], at);
                    case 1 -> norm.apply(arrays[0], at, weights.getFirst(), zeros);
                    default -> norm.apply(arrays[0], at, weights.get(0), weights.get(1));
                  }
                });
      }
    });
  }

  private static Optional<Kernel> backward(
      CpuBackend backend, List<TensorSpec> inputs, Shape shape, Centre centre, double eps) {
    if (!Rows.accepts(inputs, shape.size(1))) {
      return Optional.empty();
    }
    return Optional.of((in, out) -> {
      try (Vectors vectors = new Vectors(backend)) {
        Operand g = vectors.reshaped(in.get(0), shape);
        Operand x = vectors.reshaped(in.get(1), shape);
        Operand gx = vectors.reshaped(out.getFirst(), shape);
        Rows rows = new Rows(backend, List.of(g, x), List.of(gx), new int[] {0}, 1);
        RowNorm norm = new RowNorm(rows.length(), centre, eps);
        if (in.size() < 3) {
          rows.run(rows.slices(), _ -> (arrays, at, _) -> gradient(norm, arrays, at));
        } else {
          weighted(rows, norm, vectors.floats(in.get(2)), out);
        }
      }
    });
  }

  private static void gradient(RowNorm norm, float[][] arrays, int at) {
    float factor = norm.apply(arrays[1], at);
    norm.gradient(arrays[0], arrays[1], at, factor);
  }

  private static void weighted(Rows rows, RowNorm norm, float[] weight, List<Operand> out) {
    int n = rows.length();
    PartialSums ofWeight = new PartialSums(rows, n);
    PartialSums ofBias = new PartialSums(rows, n);
    rows.run(
        ofWeight.parts(),
        slice ->
            (arrays, at, _) -> {
              float[] g = arrays[0];
              float[] y = arrays[1];
              float factor = norm.apply(y, at);
              LOOPS.add(ofBias.part(slice), 0, g, at, n);
              LOOPS.addProduct(ofWeight.part(slice), 0, g, at, y, at, n);
              LOOPS.multiply(g, at, weight, 0, n);
              norm.gradient(g, y, at, factor);
            });
    Vectors.store(ofWeight.sum(), out.get(1));
    if (out.size() > 2) {
      Vectors.store(ofBias.sum(), out.get(2));
    }
  }

  /// The kernel of [GroupNorm] for such inputs, if there is one.
  public static Optional<Kernel> groupNorm(
      CpuBackend backend, GroupNorm op, List<TensorSpec> inputs) {
    Shape shape = inputs.getFirst().shape();
    long length = shape.numel() == 0 ? 0 : shape.slice(1, shape.rank()).numel() / op.groups();
    if (!Rows.accepts(inputs, length)) {
      return Optional.empty();
    }
    Shape matrix = Shape.of(shape.size(0) * op.groups(), length);
    int channels = (int) shape.size(1) / op.groups();
    return Optional.of((in, out) -> {
      try (Vectors vectors = new Vectors(backend)) {
        List<float[]> weights = in.stream().skip(1).map(vectors::floats).toList();
        Operand x = vectors.reshaped(in.getFirst(), matrix);
        Operand y = vectors.reshaped(out.getFirst(), matrix);
        Rows rows = new Rows(backend, List.of(x), List.of(y), new int[] {0}, 1);
        RowNorm norm = new RowNorm(rows.length(), Centre.MEAN, op.eps());
        rows.run(
            rows.slices(),
            _ ->
                (arrays, at, row) -> {
                  norm.apply(arrays[0], at);
                  int first = (int) (row % op.groups()) * channels;
                  int size = rows.length() / channels;
                  weighChannels(arrays[0], at, first, channels, size, weights);
                });
      }
    });
  }

  private static void weighChannels(
      float[] y, int at, int first, int channels, int size, List<float[]> weights) {
    if (weights.isEmpty()) {
      return;
    }
    for (int c = 0; c < channels; c++) {
      float bias = weights.size() < 2 ? 0 : weights.get(1)[first + c];
      LOOPS.affine(y, at + c * size, size, weights.getFirst()[first + c], bias);
    }
  }
}
