package dev.proteus.op;

import dev.proteus.error.ShapeException;
import dev.proteus.type.DType;
import dev.proteus.type.Promotion;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Operands joined along an axis they already have (rule IX-8).
///
/// Their other sizes are equal, their types are promoted together (rule DT-8). Operands of shape
/// `[0]` are left out beside others of another rank, as in PyTorch.
///
/// @param axis axis from 0
public record Cat(int axis) implements Composite, Differentiable {
  @Override
  public String name() {
    return "cat";
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    if (inputs.isEmpty()) {
      throw new ShapeException("cat: there are no operands; give at least one");
    }
    TensorSpec first = model(inputs);
    long size = 0;
    for (TensorSpec input : inputs) {
      if (isSkipped(input, first)) {
        continue;
      }
      checkJoins(first.shape(), input.shape());
      size += input.shape().size(axis);
    }
    DType dtype = Promotion.of(inputs);
    return List.of(first.withShape(first.shape().with(axis, size)).withDType(dtype));
  }

  private void checkJoins(Shape first, Shape shape) {
    if (shape.rank() == 0) {
      throw new ShapeException("cat: an operand has no axes; stack joins those along a new one");
    }
    if (shape.rank() != first.rank() || !shape.with(axis, 0).equals(first.with(axis, 0))) {
      throw new ShapeException(
          "cat: %s does not join %s along axis %s; all other sizes must be equal"
              .formatted(shape, first, axis));
    }
  }

  /// The operand whose rank and sizes the others must have: the first that is not left out.
  static TensorSpec model(List<TensorSpec> inputs) {
    return inputs.stream()
        .filter(spec -> !isLegacyEmpty(spec))
        .findFirst()
        .orElseGet(inputs::getFirst);
  }

  private static boolean isLegacyEmpty(TensorSpec spec) {
    return spec.rank() == 1 && spec.numel() == 0;
  }

  private static boolean isSkipped(TensorSpec spec, TensorSpec first) {
    return isLegacyEmpty(spec) && first.rank() != 1;
  }

  @Override
  public <T extends TensorOps<T>> List<T> decompose(List<T> inputs) {
    List<TensorSpec> specs = inputs.stream().map(Value::spec).toList();
    TensorSpec spec = infer(specs).getFirst();
    T result = inputs.getFirst().zeros(spec);
    long start = 0;
    for (T input : inputs) {
      if (!isSkipped(input.spec(), spec)) {
        long length = input.spec().shape().size(axis);
        Place place = Place.slice(axis, start, length, 1, Place.Mode.SET);
        result = result.call(place, List.of(result, input.to(spec.dtype())));
        start += length;
      }
    }
    return List.of(result);
  }

  @Override
  public Saved saved(List<TensorSpec> inputs) {
    return Saved.NONE;
  }

  @Override
  public boolean isDifferentiable(List<TensorSpec> inputs) {
    return inputs.stream().anyMatch(spec -> spec.dtype().isFloating());
  }

  @Override
  public <T extends TensorOps<T>> List<@Nullable T> backward(Backward<T> g) {
    T grad = g.grad();
    List<@Nullable T> grads = new ArrayList<>(g.inputs());
    long start = 0;
    for (int i = 0; i < g.inputs(); i++) {
      TensorSpec spec = g.spec(i);
      boolean skipped = isSkipped(spec, grad.spec());
      long length = skipped ? 0 : spec.shape().size(axis);
      if (!g.needs(i)) {
        grads.add(null);
      } else if (skipped) {
        grads.add(grad.zeros(spec));
      } else {
        grads.add(grad.narrow(axis, start, length).to(spec.dtype()));
      }
      start += length;
    }
    return grads;
  }
}
