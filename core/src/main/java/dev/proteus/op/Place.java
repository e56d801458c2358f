package dev.proteus.op;

import dev.proteus.error.DTypeException;
import dev.proteus.error.ShapeException;
import dev.proteus.type.Layout;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A copy of `base` in which the region that a chain of views reads is set to, or has added,
/// `value`.
///
/// The inverse of a view: gradients of views, padding, concatenation and writes through views are
/// made of it. Operands: base, and a value with the shape of the region and the base's type.
///
/// @param path views from the base to the region, outermost first
/// @param mode what happens in the region; `SET` is for regions that do not overlap themselves
public record Place(List<View> path, Mode mode) implements Composite, Differentiable {
  /// What happens to the region.
  public enum Mode {
    SET,
    ADD
  }

  public Place {
    path = List.copyOf(path);
  }

  /// The gradient of a view: `g` placed into zeros of the operand's shape.
  static <T extends TensorOps<T>> T gradient(List<View> path, Mode mode, Backward<T> g) {
    T zeros = g.grad().zeros(g.spec(0));
    return zeros.call(new Place(path, mode), List.of(zeros, g.grad()));
  }

  @Override
  public String name() {
    return mode == Mode.SET ? "place" : "placeAdd";
  }

  /// How the region lies in a base with this layout.
  public Layout region(Layout base) {
    Layout layout = base;
    for (View view : path) {
      layout = view.apply(layout);
    }
    return layout;
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    TensorSpec base = inputs.get(0);
    TensorSpec value = inputs.get(1);
    Shape region = region(Layout.contiguous(base.shape())).shape();
    if (!region.equals(value.shape())) {
      throw new ShapeException(
          name() + ": value " + value.shape() + " does not fill the region " + region);
    }
    if (value.dtype() != base.dtype()) {
      throw new DTypeException(
          name()
              + ": value is "
              + value.dtype()
              + ", base is "
              + base.dtype()
              + "; they must be the same");
    }
    return List.of(base);
  }

  /// The views applied to the numbers of the base's elements give the numbers to write to.
  @Override
  public <T extends TensorOps<T>> List<T> decompose(List<T> inputs) {
    T base = inputs.get(0);
    TensorSpec spec = base.spec();
    T index = base.arange(spec.numel(), spec.device()).reshape(spec.shape());
    for (View view : path) {
      index = index.call(view, List.of(index));
    }
    Scatter scatter = new Scatter(0, mode == Mode.SET ? Scatter.Mode.SET : Scatter.Mode.ADD);
    T flat = base.reshape(Shape.of(spec.numel()));
    long written = index.spec().numel();
    T value = inputs.get(1).reshape(Shape.of(written));
    T result = flat.call(scatter, List.of(flat, index.reshape(Shape.of(written)), value));
    return List.of(result.reshape(spec.shape()));
  }

  @Override
  public boolean isDifferentiable(List<TensorSpec> inputs) {
    return inputs.getFirst().dtype().isFloating();
  }

  @Override
  public Saved saved(List<TensorSpec> inputs) {
    return Saved.NONE;
  }

  @Override
  public <T extends TensorOps<T>> List<@Nullable T> backward(Backward<T> g) {
    T grad = g.grad();
    List<@Nullable T> grads = new ArrayList<>();
    grads.add(g.needs(0) ? baseGradient(g, grad) : null);
    grads.add(g.needs(1) ? regionOf(grad) : null);
    return grads;
  }

  private <T extends TensorOps<T>> T baseGradient(Backward<T> g, T grad) {
    if (mode == Mode.ADD) {
      return grad;
    }
    return grad.call(this, List.of(grad, grad.zeros(g.spec(1))));
  }

  private <T extends TensorOps<T>> T regionOf(T grad) {
    T region = grad;
    for (View view : path) {
      region = region.call(view, List.of(region));
    }
    return region;
  }

  /// A path of one slice.
  static Place slice(int axis, long start, long length, long step, Mode mode) {
    return new Place(List.of(new Slice(axis, start, length, step)), mode);
  }
}
