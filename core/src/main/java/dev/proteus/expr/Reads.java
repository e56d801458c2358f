package dev.proteus.expr;

import dev.proteus.type.DType;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// The inputs that an expression reads, and the type it takes each to have.
///
/// @param types the type by number of input
public record Reads(Map<Integer, DType> types) {
  public Reads {
    types = Collections.unmodifiableMap(new TreeMap<>(types));
  }

  /// What `expr` reads.
  public static Reads of(Expr expr) {
    Map<Integer, DType> types = new TreeMap<>();
    collect(expr, types, Collections.newSetFromMap(new IdentityHashMap<>()));
    return new Reads(types);
  }

  private static void collect(Expr expr, Map<Integer, DType> types, Set<Expr> seen) {
    if (!seen.add(expr)) {
      return;
    }
    switch (expr) {
      case Expr.Input(int index, DType dtype) -> types.put(index, dtype);
      case Expr.Const _, Expr.Coord _ -> {}
      case Expr.Cast(_, Expr arg) -> collect(arg, types, seen);
      case Expr.Call call -> call.args().forEach(arg -> collect(arg, types, seen));
    }
  }
}
