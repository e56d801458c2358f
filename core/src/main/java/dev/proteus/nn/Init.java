package dev.proteus.nn;

import dev.proteus.expr.Special;
import dev.proteus.linalg.Linalg;
import dev.proteus.tensor.Generator;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.function.Function;
import java.util.function.Supplier;

/// Initial values, written into a tensor and not recorded.
///
/// Random ones come from the generator of [Scope], so a seed reproduces them. On the meta device
/// nothing happens and no random numbers are used up (rule MD-4).
public final class Init {
  private Init() {}

  /// The side of a weight whose width sets the scale of its values.
  public enum Fan {
    /// What flows in: activations keep their size.
    IN,
    /// What flows out: gradients keep their size.
    OUT
  }

  /// Uniform numbers from `low` to `high`.
  public static Tensor uniform_(Tensor tensor, double low, double high) {
    return drawn(tensor, 2, draw -> uniform(tensor, draw).mul(high - low).add(low));
  }

  /// Normal numbers.
  public static Tensor normal_(Tensor tensor, double mean, double std) {
    return drawn(tensor, 4, draw -> normal(tensor.spec(), tensor, draw).mul(std).add(mean));
  }

  /// Normal numbers, those outside of `low` to `high` drawn again, by the inverse of the
  /// distribution function.
  public static Tensor truncNormal_(
      Tensor tensor, double mean, double std, double low, double high) {
    double from = errorFunction((low - mean) / std);
    double to = errorFunction((high - mean) / std);
    return drawn(
        tensor,
        2,
        draw ->
            uniform(tensor, draw)
                .mul(to - from)
                .add(from)
                .erfinv()
                .mul(std * Math.sqrt(2))
                .add(mean)
                .clamp(low, high));
  }

  private static double errorFunction(double deviations) {
    return Special.erf(deviations / Math.sqrt(2));
  }

  /// One number everywhere.
  public static Tensor constant_(Tensor tensor, double value) {
    return Scope.noGrad(() -> tensor.fill_(value));
  }

  public static Tensor zeros_(Tensor tensor) {
    return constant_(tensor, 0);
  }

  public static Tensor ones_(Tensor tensor) {
    return constant_(tensor, 1);
  }

  /// The matrix with ones on its diagonal.
  public static Tensor eye_(Tensor tensor) {
    checkRank("eye_", tensor, 2);
    return written(tensor, () -> tensor.eye(tensor.spec()));
  }

  /// Uniform numbers whose scale keeps the variance of activations and gradients alike (Glorot,
  /// Bengio, "Understanding the difficulty of training deep feedforward neural networks", 2010).
  public static Tensor xavierUniform_(Tensor tensor, double gain) {
    double bound = Math.sqrt(3) * xavierDeviation(tensor, gain);
    return uniform_(tensor, -bound, bound);
  }

  /// Normal numbers of the same scale as [#xavierUniform_(Tensor, double)].
  public static Tensor xavierNormal_(Tensor tensor, double gain) {
    return normal_(tensor, 0, xavierDeviation(tensor, gain));
  }

  private static double xavierDeviation(Tensor tensor, double gain) {
    double fans = (double) fan(tensor.shape(), Fan.IN) + fan(tensor.shape(), Fan.OUT);
    return gain * Math.sqrt(2 / fans);
  }

  /// Uniform numbers whose scale makes up for a nonlinearity (He and others, "Delving deep into
  /// rectifiers", 2015).
  public static Tensor kaimingUniform_(Tensor tensor, double gain, Fan fan) {
    double bound = Math.sqrt(3) * gain / Math.sqrt((double) fan(tensor.shape(), fan));
    return uniform_(tensor, -bound, bound);
  }

  /// Normal numbers of the same scale as [#kaimingUniform_(Tensor, double, Fan)].
  public static Tensor kaimingNormal_(Tensor tensor, double gain, Fan fan) {
    return normal_(tensor, 0, gain / Math.sqrt((double) fan(tensor.shape(), fan)));
  }

  /// A matrix, of the first axis by all others, whose rows or columns are orthogonal (Saxe and
  /// others, "Exact solutions to the nonlinear dynamics of learning", 2014).
  public static Tensor orthogonal_(Tensor tensor, double gain) {
    checkRank("orthogonal_", tensor, 2);
    long rows = tensor.size(0);
    long columns = tensor.numel() / Math.max(1, rows);
    Shape tall = Shape.of(Math.max(rows, columns), Math.min(rows, columns));
    return drawn(
        tensor,
        4,
        draw -> {
          var factors = Linalg.qr(normal(tensor.spec().withShape(tall), tensor, draw));
          Tensor signs = factors.r().diagonal().sign();
          Tensor basis = factors.q().mul(signs);
          return (rows < columns ? basis.t() : basis).reshape(tensor.shape()).mul(gain);
        });
  }

  /// How many values meet in one of a weight `[out, in, *kernel]`, seen from this side.
  ///
  /// @throws IllegalArgumentException if it has fewer than two axes
  public static long fan(Shape weight, Fan fan) {
    if (weight.rank() < 2) {
      throw new IllegalArgumentException(
          "fan: a weight has at least two axes, [out, in, ...], not " + weight);
    }
    long kernel = weight.slice(2, weight.rank()).numel();
    return kernel
        * switch (fan) {
          case IN -> weight.size(1);
          case OUT -> weight.size(0);
        };
  }

  private static void checkRank(String operator, Tensor tensor, int least) {
    if (tensor.rank() < least) {
      throw new IllegalArgumentException(
          "%s: %s; it must have at least %s axes".formatted(operator, tensor.shape(), least));
    }
  }

  private static Tensor uniform(Tensor tensor, Generator.Draw draw) {
    return tensor.rand(tensor.spec(), draw.seed(), draw.offset());
  }

  private static Tensor normal(TensorSpec spec, Tensor tensor, Generator.Draw draw) {
    return tensor.randn(spec, draw.seed(), draw.offset());
  }

  private static Tensor drawn(Tensor tensor, long words, Function<Generator.Draw, Tensor> values) {
    if (tensor.device().isMeta()) {
      return tensor;
    }
    Generator.Draw draw = Scope.generator().draw(Math.multiplyExact(tensor.numel(), words));
    return written(tensor, () -> values.apply(draw));
  }

  private static Tensor written(Tensor tensor, Supplier<Tensor> values) {
    Scope.noGrad(() ->
        Scope.memory(() -> {
          tensor.copy_(values.get());
        }));
    return tensor;
  }
}
