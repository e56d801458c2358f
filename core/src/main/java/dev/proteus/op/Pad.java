package dev.proteus.op;

import dev.proteus.error.ShapeException;
import dev.proteus.type.Scalar;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The operand with a margin of one value around it; a negative width crops.
///
/// @param before elements added before each axis
/// @param after elements added after each axis
/// @param value what the margin is filled with
public record Pad(List<Long> before, List<Long> after, Scalar value)
    implements Composite, Differentiable {
  /// Where a margin takes its values from, if they are not one constant.
  public enum Mode {
    /// Mirrored at the edge, which is not repeated.
    REFLECT,
    /// The edge repeated.
    REPLICATE,
    /// From the other end.
    CIRCULAR
  }

  public Pad {
    before = List.copyOf(before);
    after = List.copyOf(after);
  }

  @Override
  public String name() {
    return "pad";
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    TensorSpec x = inputs.getFirst();
    long[] sizes = x.shape().toArray();
    for (int axis = 0; axis < sizes.length; axis++) {
      if (kept(x.shape(), axis) < 0) {
        throw new ShapeException(
            "pad: widths %s and %s crop more than there is at axis %s of %s"
                .formatted(before.get(axis), after.get(axis), axis, x.shape()));
      }
      sizes[axis] += before.get(axis) + after.get(axis);
    }
    return List.of(x.withShape(Shape.of(sizes)));
  }

  /// How many elements of an axis are not cropped.
  private long kept(Shape shape, int axis) {
    return shape.size(axis) + Math.min(before.get(axis), 0) + Math.min(after.get(axis), 0);
  }

  @Override
  public <T extends TensorOps<T>> List<T> decompose(List<T> inputs) {
    T x = inputs.getFirst();
    TensorSpec spec = infer(List.of(x.spec())).getFirst();
    List<View> inner = new ArrayList<>();
    for (int axis = 0; axis < spec.rank(); axis++) {
      long left = before.get(axis);
      long length = kept(x.spec().shape(), axis);
      x = x.narrow(axis, Math.max(-left, 0), length);
      inner.add(new Slice(axis, Math.max(left, 0), length, 1));
    }
    T margin = x.full(spec, value);
    return List.of(margin.call(new Place(inner, Place.Mode.SET), List.of(margin, x)));
  }

  @Override
  public Saved saved(List<TensorSpec> inputs) {
    return Saved.NONE;
  }

  @Override
  public boolean isDifferentiable(List<TensorSpec> inputs) {
    return inputs.getFirst().dtype().isFloating();
  }

  @Override
  public <T extends TensorOps<T>> List<@Nullable T> backward(Backward<T> g) {
    Pad crop = new Pad(negated(before), negated(after), Scalar.of(0L));
    return Collections.singletonList(g.grad().call(crop, List.of(g.grad())));
  }

  private static List<Long> negated(List<Long> widths) {
    return widths.stream().map(width -> -width).toList();
  }
}
