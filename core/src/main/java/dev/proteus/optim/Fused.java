package dev.proteus.optim;

import dev.proteus.expr.Expr;
import dev.proteus.expr.Exprs;
import dev.proteus.op.Map;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/// Updates in place, each one kernel: a tensor becomes an expression of itself and others.
///
/// Halves are computed in float32 and rounded once, at the store. The kernels used last are kept,
/// so that the parameters of a group share them, and steps those whose numbers do not change.
final class Fused {
  private static final int KEPT = 16;

  /// What the updated tensor becomes.
  interface Formula {
    /// The new value.
    ///
    /// @param operands the updated tensor first, then the others
    Expr of(List<Expr> operands);
  }

  /// What a kernel depends on.
  private record Key(String name, Record numbers, List<DType> types) {}

  /// In the order of use.
  private final LinkedHashMap<Key, Map> maps = new LinkedHashMap<>(KEPT, 0.75f, true);

  /// Writes `formula` into `target`.
  ///
  /// @param name of the update, different for different formulas
  /// @param numbers everything that the formula contains besides operands
  void update(String name, Record numbers, Tensor target, List<Tensor> others, Formula formula) {
    List<Tensor> operands = new ArrayList<>(others.size() + 1);
    operands.add(target);
    operands.addAll(others);
    List<DType> types = operands.stream().map(Tensor::dtype).toList();
    Key key = new Key(name, numbers, types);
    Map map = maps.get(key);
    if (map == null) {
      map = Map.of(name, Exprs.cast(target.dtype(), formula.of(read(types))));
      maps.put(key, map);
      if (maps.size() > KEPT) {
        maps.pollFirstEntry();
      }
    }
    target.applyInPlace(map, operands);
  }

  private static List<Expr> read(List<DType> types) {
    DType computed = types.contains(DType.FLOAT64) ? DType.FLOAT64 : DType.FLOAT32;
    List<Expr> operands = new ArrayList<>(types.size());
    for (int i = 0; i < types.size(); i++) {
      operands.add(Exprs.cast(computed, Exprs.input(i, types.get(i))));
    }
    return operands;
  }
}
