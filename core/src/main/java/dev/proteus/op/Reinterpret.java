package dev.proteus.op;

import dev.proteus.error.DTypeException;
import dev.proteus.type.DType;
import dev.proteus.type.Layout;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The same bits read as another element type; the last axis grows or shrinks with the width of an
/// element (rule VW-6). It has no gradient.
///
/// @param from the operand's type
/// @param to the result's type; not bool, for which most bits have no meaning
public record Reinterpret(DType from, DType to) implements View {
  public Reinterpret {
    if (to == DType.BOOL && from != DType.BOOL) {
      throw new DTypeException(
          "view: the bits of %s cannot be read as bool; ne(0) makes one (rule VW-6)"
              .formatted(from));
    }
  }

  @Override
  public String name() {
    return "view";
  }

  @Override
  public java.util.Map<Integer, DType> madeFor() {
    return java.util.Map.of(0, from);
  }

  @Override
  public Layout apply(Layout layout) {
    return layout.reinterpret(from.bytes(), to.bytes());
  }

  @Override
  public TensorSpec spec(TensorSpec operand, Shape shape) {
    return operand.withShape(shape).withDType(to);
  }

  @Override
  public boolean isDifferentiable(List<TensorSpec> inputs) {
    return false;
  }

  @Override
  public <T extends TensorOps<T>> List<@Nullable T> backward(Backward<T> g) {
    return Collections.singletonList(null);
  }
}
