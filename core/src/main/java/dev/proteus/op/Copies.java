package dev.proteus.op;

import dev.proteus.expr.Expr;
import dev.proteus.expr.Exprs;
import dev.proteus.type.DType;
import java.util.Collections;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The maps that only copy: one per pair of types, made once.
public final class Copies {
  private static final EnumMap<DType, EnumMap<DType, Map>> CASTS = new EnumMap<>(DType.class);
  private static final Set<Map> ALL_CASTS = Collections.newSetFromMap(new IdentityHashMap<>());
  private static final EnumMap<DType, Map> CONTIGUOUS = new EnumMap<>(DType.class);

  static {
    for (DType from : DType.values()) {
      Expr input = new Expr.Input(0, from);
      EnumMap<DType, Map> row = new EnumMap<>(DType.class);
      for (DType to : DType.values()) {
        Map cast = Map.of(from == to ? "clone" : "to", Exprs.cast(to, input));
        row.put(to, cast);
        ALL_CASTS.add(cast);
      }
      CASTS.put(from, row);
      CONTIGUOUS.put(from, Map.of("contiguous", input, Map.Order.CONTIGUOUS));
    }
  }

  private Copies() {}

  /// A copy with another element type (rule DT-24); with the same type, a clone.
  public static Map cast(DType from, DType to) {
    return present(present(CASTS.get(from)).get(to));
  }

  /// Whether an operator is one of [#cast(DType, DType)].
  public static boolean isCast(Op op) {
    return op instanceof Map map && ALL_CASTS.contains(map);
  }

  /// A copy in row-major order.
  public static Map contiguous(DType dtype) {
    return present(CONTIGUOUS.get(dtype));
  }

  private static <V> V present(@Nullable V value) {
    return Objects.requireNonNull(value);
  }
}
