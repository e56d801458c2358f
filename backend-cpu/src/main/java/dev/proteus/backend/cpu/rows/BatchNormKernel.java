package dev.proteus.backend.cpu.rows;

import dev.proteus.backend.cpu.CpuBackend;
import dev.proteus.backend.cpu.vector.InnerLoops;
import dev.proteus.backend.cpu.vector.RowLoops;
import dev.proteus.op.BatchNorm;
import dev.proteus.op.BatchNormBackward;
import dev.proteus.spi.Kernel;
import dev.proteus.spi.Operand;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.List;
import java.util.Optional;

/// [BatchNorm] and its gradients, channel by channel. Float64 is left to the definitions.
public final class BatchNormKernel {
  private static final RowLoops LOOPS = InnerLoops.CHOSEN.rows();

  private BatchNormKernel() {}

  /// `[N, C, *]` with the last axes as one.
  private static Shape flat(Shape shape) {
    return Shape.of(shape.size(0), shape.size(1), shape.slice(2, shape.rank()).numel());
  }

  private static boolean accepts(List<TensorSpec> inputs, Shape x) {
    return Rows.accepts(inputs, x.slice(2, x.rank()).numel()) && x.numel() > 0;
  }

  /// The kernel of [BatchNorm] for such inputs, if there is one.
  public static Optional<Kernel> forward(
      CpuBackend backend, BatchNorm op, List<TensorSpec> inputs) {
    Shape x = inputs.getFirst().shape();
    return accepts(inputs, x)
        ? Optional.of((in, out) -> forward(backend, op.eps(), flat(x), in, out))
        : Optional.empty();
  }

  private static void forward(
      CpuBackend backend, double eps, Shape shape, List<Operand> in, List<Operand> out) {
    try (Vectors vectors = new Vectors(backend)) {
      Operand x = vectors.reshaped(in.getFirst(), shape);
      Operand y = vectors.reshaped(out.getFirst(), shape);
      List<float[]> weights = in.stream().skip(1).map(vectors::floats).toList();
      Channels channels = new Channels(backend, List.of(x), List.of(y));
      Moments moments = new Moments((int) shape.size(1), channels.elements());
      float[] factor = new float[(int) shape.size(1)];
      channels.run(
          new Channels.Work() {
            @Override
            public void look(int channel, float[][] arrays, int at, int n) {
              moments.add(channel, arrays[0], at, n);
            }

            @Override
            public void decide(int channel) {
              double scale = 1 / Math.sqrt(moments.variance(channel) + eps);
              factor[channel] =
                  (float) (weights.isEmpty() ? scale : scale * weights.getFirst()[channel]);
            }

            @Override
            public void change(int channel, float[][] arrays, int at, int n) {
              float mean = (float) moments.mean(channel);
              LOOPS.normalize(arrays[0], at, n, mean, factor[channel]);
              if (weights.size() > 1) {
                LOOPS.affine(arrays[0], at, n, 1, weights.get(1)[channel]);
              }
            }
          });
      Vectors.store(moments.means(), out.get(1));
      Vectors.store(moments.variances(), out.get(2));
    }
  }

  /// Means and variances of channels, from those of pieces (Chan, Golub, LeVeque, "Updating
  /// formulae and a pairwise algorithm for computing sample variances", 1979).
  private static final class Moments {
    private final long elements;
    private final double[] count;
    private final double[] mean;
    private final double[] squares;

    Moments(int channels, long elements) {
      this.elements = elements;
      this.count = new double[channels];
      this.mean = new double[channels];
      this.squares = new double[channels];
    }

    void add(int channel, float[] x, int at, int n) {
      double exact = LOOPS.sum(x, at, n) / (double) n;
      float pieceMean = (float) exact;
      double rest = exact - pieceMean;
      double pieceSquares = LOOPS.sumOfSquares(x, at, n, pieceMean) - n * rest * rest;
      double all = count[channel] + n;
      double apart = exact - mean[channel];
      squares[channel] += pieceSquares + apart * apart * count[channel] * n / all;
      mean[channel] += apart * n / all;
      count[channel] = all;
    }

    double mean(int channel) {
      return mean[channel];
    }

    double variance(int channel) {
      return Math.max(0, squares[channel]) / elements;
    }

    float[] means() {
      float[] means = new float[mean.length];
      for (int c = 0; c < means.length; c++) {
        means[c] = (float) mean(c);
      }
      return means;
    }

    float[] variances() {
      float[] variances = new float[mean.length];
      for (int c = 0; c < variances.length; c++) {
        variances[c] = (float) variance(c);
      }
      return variances;
    }
  }

  /// The kernel of [BatchNormBackward] for such inputs, if there is one.
  public static Optional<Kernel> backward(
      CpuBackend backend, BatchNormBackward op, List<TensorSpec> inputs) {
    Shape x = inputs.get(3).shape();
    return accepts(inputs, x)
        ? Optional.of((in, out) -> backward(backend, op.eps(), flat(x), in, out))
        : Optional.empty();
  }

  private static void backward(
      CpuBackend backend, double eps, Shape shape, List<Operand> in, List<Operand> out) {
    try (Vectors vectors = new Vectors(backend)) {
      Operand g = vectors.reshaped(in.get(0), shape);
      Operand x = vectors.reshaped(in.get(3), shape);
      Operand gx = vectors.reshaped(out.getFirst(), shape);
      Channels channels = new Channels(backend, List.of(g, x), List.of(gx));
      Gradients gradients =
          new Gradients(
              channels.elements(),
              eps,
              List.of(
                  vectors.floats(in.get(1)),
                  vectors.floats(in.get(2)),
                  vectors.floats(in.get(4)),
                  vectors.floats(in.get(5))),
              in.size() < 7 ? Optional.empty() : Optional.of(vectors.floats(in.get(6))));
      channels.run(gradients);
      if (out.size() > 1) {
        Vectors.store(gradients.ofWeight, out.get(1));
        Vectors.store(gradients.ofBias, out.get(2));
      }
    }
  }

  /// Gradients of all channels: `g·gain + (x − mean)·slope + offset` for x, with slope and offset
  /// from the sums of g and of g·(x − mean).
  private static final class Gradients implements Channels.Work {
    private final long elements;
    private final double eps;
    private final float[] ofMean;
    private final float[] ofVariance;
    private final float[] mean;
    private final float[] variance;
    private final Optional<float[]> weight;
    private final double[] sum;
    private final double[] along;
    private final float[] ofWeight;
    private final float[] ofBias;
    private final float[] gain;
    private final float[] slope;
    private final float[] offset;

    Gradients(long elements, double eps, List<float[]> operands, Optional<float[]> weight) {
      this.elements = elements;
      this.eps = eps;
      this.ofMean = operands.get(0);
      this.ofVariance = operands.get(1);
      this.mean = operands.get(2);
      this.variance = operands.get(3);
      this.weight = weight;
      int channels = mean.length;
      this.sum = new double[channels];
      this.along = new double[channels];
      this.ofWeight = new float[channels];
      this.ofBias = new float[channels];
      this.gain = new float[channels];
      this.slope = new float[channels];
      this.offset = new float[channels];
    }

    @Override
    public void prepare(int channel, float[][] arrays, int at, int n) {
      LOOPS.affine(arrays[1], at, n, 1, -mean[channel]);
    }

    @Override
    public void look(int channel, float[][] arrays, int at, int n) {
      sum[channel] += LOOPS.sum(arrays[0], at, n);
      along[channel] += LOOPS.dot(arrays[0], at, arrays[1], at, n);
    }

    @Override
    public void decide(int channel) {
      double scale = 1 / Math.sqrt(variance[channel] + eps);
      double factor = weight.map(w -> scale * w[channel]).orElse(scale);
      double bend = along[channel] * factor * scale * scale;
      gain[channel] = (float) factor;
      slope[channel] = (float) ((2 * ofVariance[channel] - bend) / elements);
      offset[channel] = (float) ((ofMean[channel] - sum[channel] * factor) / elements);
      ofWeight[channel] = (float) (along[channel] * scale);
      ofBias[channel] = (float) sum[channel];
    }

    @Override
    public void change(int channel, float[][] arrays, int at, int n) {
      LOOPS.combine(
          arrays[0], at, gain[channel], arrays[1], at, slope[channel], offset[channel], n);
    }
  }
}
