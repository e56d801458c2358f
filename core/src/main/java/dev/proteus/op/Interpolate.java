package dev.proteus.op;

import dev.proteus.error.ShapeException;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.List;

/// The spatial axes resampled to other sizes.
///
/// Operand: x `[N, C, *S]`, floating; the result is `[N, C, *size]`. Axes are resampled one after
/// the other.
///
/// @param mode how values between elements are found
/// @param size spatial sizes of the result
/// @param scale result's sizes by the operand's, per spatial axis, where the user gave factors;
///   else empty, and sizes decide
/// @param corners what the positions of elements are
public record Interpolate(Mode mode, List<Long> size, List<Double> scale, Corners corners)
    implements Composite {
  /// How values between elements are found.
  public enum Mode {
    /// The element at `⌊i·step⌋`.
    NEAREST,
    /// The element at `⌊(i + ½)·step⌋`: the centre's nearest.
    NEAREST_EXACT,
    /// A line between two elements.
    LINEAR,
    /// A cubic convolution of four elements with a = -0.75 (Keys, 1981).
    CUBIC
  }

  /// What the positions of elements are; nearest modes ignore it.
  public enum Corners {
    /// Elements are areas, sampled at their centres.
    FREE,
    /// Elements are points; first and last stay where they are.
    ALIGNED
  }

  public Interpolate {
    size = List.copyOf(size);
    scale = List.copyOf(scale);
    if (!scale.isEmpty() && scale.size() != size.size()
        || scale.stream().anyMatch(factor -> !(factor > 0))) {
      throw new IllegalArgumentException(
          "interpolate: factors %s for sizes %s; there must be one for each, above 0"
              .formatted(scale, size));
    }
  }

  @Override
  public String name() {
    return "interpolate";
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    Operands.floating(name(), inputs);
    TensorSpec x = inputs.getFirst();
    if (x.rank() != size.size() + 2) {
      throw new ShapeException(
          "interpolate: x is %s, sizes %s; x must have %s axes"
              .formatted(x.shape(), size, size.size() + 2));
    }
    Shape result = x.shape().slice(0, 2).concat(Shape.of(size));
    if (result.slice(2, result.rank()).numel() == 0 || x.shape().slice(2, x.rank()).numel() == 0) {
      throw new ShapeException(
          "interpolate: from %s to %s; spatial sizes must be at least 1"
              .formatted(x.shape(), result));
    }
    return List.of(x.withShape(result));
  }

  @Override
  public <T extends TensorOps<T>> List<T> decompose(List<T> inputs) {
    if (Widened.applies(inputs)) {
      return Widened.apply(this, inputs);
    }
    T result = inputs.getFirst();
    for (int i = 0; i < size.size(); i++) {
      result = new Resampling(this, i, result.spec()).apply(result);
    }
    return List.of(result);
  }
}
