package dev.proteus.op;

import dev.proteus.error.ShapeException;
import dev.proteus.type.Layout;
import dev.proteus.type.Shape;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The same elements in row-major order with other sizes (rule VW-3).
///
/// @param shape the new sizes; their product is the number of elements
public record Reshape(Shape shape) implements View {
  /// The reshape to sizes of which one may be -1, for whatever is left.
  ///
  /// @throws ShapeException if more than one size is -1, or it cannot be told
  public static Reshape of(Shape operand, long... sizes) {
    int open = -1;
    long known = 1;
    for (int i = 0; i < sizes.length; i++) {
      if (sizes[i] != -1) {
        known *= sizes[i];
      } else if (open < 0) {
        open = i;
      } else {
        throw new ShapeException(
            "reshape: %s has more than one -1; only one can be inferred"
                .formatted(Arrays.toString(sizes)));
      }
    }
    if (open < 0) {
      return new Reshape(Shape.of(sizes));
    }
    if (known == 0 || operand.numel() % known != 0) {
      throw new ShapeException(
          ("reshape: the -1 in %s cannot be inferred from %s, which has %s elements; the "
                  + "other sizes must divide that")
              .formatted(Arrays.toString(sizes), operand, operand.numel()));
    }
    long[] resolved = sizes.clone();
    resolved[open] = operand.numel() / known;
    return new Reshape(Shape.of(resolved));
  }

  @Override
  public String name() {
    return "reshape";
  }

  @Override
  public boolean fits(Layout layout) {
    return layout.reshape(shape).isPresent();
  }

  @Override
  public Layout apply(Layout layout) {
    return layout.reshape(shape).orElseThrow();
  }

  @Override
  public <T extends TensorOps<T>> List<@Nullable T> backward(Backward<T> g) {
    return Collections.singletonList(g.grad().reshape(g.spec(0).shape()));
  }
}
