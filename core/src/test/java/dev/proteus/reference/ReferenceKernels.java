package dev.proteus.reference;

import dev.proteus.error.TensorIndexException;
import dev.proteus.expr.Evaluate;
import dev.proteus.expr.Exprs;
import dev.proteus.expr.Fn;
import dev.proteus.op.Gather;
import dev.proteus.op.Map;
import dev.proteus.op.Primitive;
import dev.proteus.op.Reduce;
import dev.proteus.op.Scatter;
import dev.proteus.spi.Operand;
import dev.proteus.type.DType;
import java.util.List;

/// The meaning of the four primitives, as loops. Results are collected first and stored last, so
/// overlaps do not matter.
final class ReferenceKernels {
  private ReferenceKernels() {}

  /// `out[c] = e(in₀[c], …, c)`.
  static void map(Map map, List<Operand> inputs, Operand out) {
    Cursor cursor = new Cursor(inputs, out.shape());
    Results results = new Results(out);
    Evaluate value = Evaluate.of(map.expr());
    for (boolean more = cursor.first(); more; more = cursor.next()) {
      value.at(cursor);
      results.set(cursor.at(), value);
    }
    results.store();
  }

  /// `out[c with 0 at the axes] = fold of e(in₀[c], …, c)`.
  static void reduce(Reduce reduce, List<Operand> inputs, Operand out) {
    Cursor cursor = new Cursor(inputs, inputs.getFirst().shape());
    Results results = new Results(out);
    Fn fold = fold(reduce.kind());
    results.fill(identity(reduce.kind(), out.dtype()));
    Evaluate value = Evaluate.of(reduce.expr());
    for (boolean more = cursor.first(); more; more = cursor.next()) {
      value.at(cursor);
      long[] target = cursor.at().clone();
      reduce.axes().forEach(axis -> target[axis] = 0);
      results.combine(target, fold, value);
    }
    results.store();
  }

  private static Fn fold(Reduce.Kind kind) {
    return switch (kind) {
      case SUM -> Fn.ADD;
      case PROD -> Fn.MUL;
      case MAX -> Fn.MAX;
      case MIN -> Fn.MIN;
    };
  }

  private static double identity(Reduce.Kind kind, DType dtype) {
    double largest = dtype.isFloating() ? Double.POSITIVE_INFINITY : Long.MAX_VALUE;
    return switch (kind) {
      case SUM -> 0;
      case PROD -> 1;
      case MAX -> -largest;
      case MIN -> largest;
    };
  }

  /// `out[c] = x[c with index[c] at the axis]`.
  static void gather(Gather gather, List<Operand> inputs, Operand out) {
    Operand x = inputs.get(0);
    Cursor source = new Cursor(List.of(x), x.shape());
    Cursor index = new Cursor(List.of(inputs.get(1)), out.shape());
    Results results = new Results(out);
    Evaluate value = Evaluate.of(Exprs.input(0, x.dtype()));
    for (boolean more = index.first(); more; more = index.next()) {
      source.moveTo(index.at());
      source.at()[gather.axis()] = checked(gather, index.integer(0), gather.axis(), x);
      value.at(source);
      results.set(index.at(), value);
    }
    results.store();
  }

  /// `out = base`, then for each c in order `out[c with index[c] at the axis]` set from or combined
  /// with `source[c]`.
  static void scatter(Scatter scatter, List<Operand> inputs, Operand out) {
    Operand base = inputs.get(0);
    Cursor copied = new Cursor(List.of(base), base.shape());
    Cursor index = new Cursor(inputs.subList(1, 3), inputs.get(1).shape());
    Results results = new Results(out);
    Evaluate value = Evaluate.of(Exprs.input(0, base.dtype()));
    for (boolean more = copied.first(); more; more = copied.next()) {
      value.at(copied);
      results.set(copied.at(), value);
    }
    Evaluate source = Evaluate.of(Exprs.input(1, base.dtype()));
    for (boolean more = index.first(); more; more = index.next()) {
      source.at(index);
      long[] target = index.at().clone();
      target[scatter.axis()] = checked(scatter, index.integer(0), scatter.axis(), base);
      switch (scatter.mode()) {
        case SET -> results.set(target, source);
        case ADD -> results.combine(target, Fn.ADD, source);
        case MAX -> results.combine(target, Fn.MAX, source);
      }
    }
    results.store();
  }

  private static long checked(Primitive op, long index, int axis, Operand x) {
    long size = x.shape().size(axis);
    if (index < 0 || index >= size) {
      throw TensorIndexException.outside(op.name(), index, axis, size);
    }
    return index;
  }
}
