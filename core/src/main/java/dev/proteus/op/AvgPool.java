package dev.proteus.op;

import dev.proteus.expr.Expr;
import dev.proteus.expr.Exprs;
import dev.proteus.type.DType;
import dev.proteus.type.Scalar;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The mean of each window.
///
/// Operand: x `[N, C, *S]`, floating; the result is `[N, C, *out]`. Padding is 0.
///
/// @param kernel elements of a window, per spatial axis
/// @param stride distance between windows, per spatial axis
/// @param padding elements added at both ends, per spatial axis, at most half a kernel
/// @param rounding what happens to a last window that only partly fits
/// @param divisor what the sum of a window is divided by
public record AvgPool(
    List<Integer> kernel,
    List<Integer> stride,
    List<Integer> padding,
    Rounding rounding,
    Divisor divisor)
    implements Composite, Differentiable {
  /// What the sum of a window is divided by.
  public sealed interface Divisor {
    /// The number of elements in the window.
    enum Counted implements Divisor {
      /// Those of the input and its padding, not those beyond.
      WITH_PADDING,
      /// Those of the input.
      WITHOUT_PADDING
    }

    /// A number.
    record Fixed(int value) implements Divisor {}
  }

  public AvgPool {
    kernel = List.copyOf(kernel);
    stride = List.copyOf(stride);
    padding = List.copyOf(padding);
    Sliding.check("avgPool", kernel.size(), stride, padding, ones(kernel.size()));
    Sliding.checkPadding("avgPool", kernel, padding);
  }

  private static List<Integer> ones(int count) {
    return Collections.nCopies(count, 1);
  }

  @Override
  public String name() {
    return "avgPool" + kernel.size() + "d";
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    Operands.floating(name(), inputs);
    TensorSpec x = inputs.getFirst();
    return List.of(x.withShape(sliding().pooled(name(), x.shape(), rounding)));
  }

  Sliding sliding() {
    return new Sliding(kernel, stride, padding, ones(kernel.size()));
  }

  @Override
  public <T extends TensorOps<T>> List<T> decompose(List<T> inputs) {
    if (Widened.applies(inputs)) {
      return Widened.apply(this, inputs);
    }
    T x = inputs.getFirst();
    Shape shape = x.spec().shape();
    Shape pooled = sliding().pooled(name(), shape, rounding);
    T windows = sliding().windows(x, pooled.slice(2, shape.rank()), Scalar.of(0L));
    T sums = windows.sum(Folding.last(kernel.size())).reshape(pooled);
    return List.of(divided(sums, shape.slice(2, shape.rank())));
  }

  @Override
  public Saved saved(List<TensorSpec> inputs) {
    return Saved.NONE;
  }

  @Override
  public <T extends TensorOps<T>> List<@Nullable T> backward(Backward<T> g) {
    Shape x = g.spec(0).shape();
    AvgPoolBackward backward = new AvgPoolBackward(this, x.slice(2, x.rank()).toList());
    return Collections.singletonList(g.grad().call(backward, List.of(g.grad())));
  }

  /// Sums `[N, C, *out]` of the windows of an input with these spatial sizes, divided.
  <T extends TensorOps<T>> T divided(T sums, Shape spatial) {
    DType dtype = sums.spec().dtype();
    Expr count =
        switch (divisor) {
          case Divisor.Fixed(int value) -> Exprs.constant(dtype, value);
          case Divisor.Counted _ when isWhole() -> Exprs.constant(dtype, (double) elements());
          case Divisor.Counted counted -> Exprs.cast(dtype, count(counted, spatial));
        };
    return sums.call(
        Map.of("avgPoolDivide", Exprs.div(Folding.input(0, sums), count)), List.of(sums));
  }

  /// Whether all windows lie within the input.
  private boolean isWhole() {
    return rounding == Rounding.FLOOR && padding.stream().allMatch(p -> p == 0);
  }

  private long elements() {
    return kernel.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
  }

  /// The elements in the window at the output's coordinates.
  private Expr count(Divisor.Counted counted, Shape spatial) {
    Expr count = number(1);
    for (int i = 0; i < kernel.size(); i++) {
      long size = spatial.size(i);
      int pad = padding.get(i);
      Expr start = Exprs.sub(Exprs.mul(new Expr.Coord(i + 2), number(stride.get(i))), number(pad));
      Expr end = Exprs.add(start, number(kernel.get(i)));
      Expr along =
          switch (counted) {
            case WITH_PADDING -> Exprs.sub(Exprs.min(end, number(size + pad)), start);
            case WITHOUT_PADDING ->
                Exprs.sub(Exprs.min(end, number(size)), Exprs.max(start, number(0)));
          };
      count = Exprs.mul(count, along);
    }
    return count;
  }

  private static Expr number(long value) {
    return Exprs.constant(DType.INT64, Scalar.of(value));
  }
}
