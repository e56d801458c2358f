package dev.proteus.oracle;

import dev.proteus.type.DType;
import dev.proteus.type.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// The arguments of a case while they are drawn, one after the other: what is drawn later may
/// depend on what was drawn before.
///
/// ```java
/// draft.types(FLOATING).x().axes().flag("keepdim")
/// ```
final class Draft {
  static final List<DType> ALL = List.of(DType.values());
  static final List<DType> NUMBERS = ALL.subList(0, ALL.size() - 1);
  static final List<DType> FLOATING =
      List.of(DType.FLOAT32, DType.FLOAT64, DType.FLOAT16, DType.BFLOAT16);
  static final List<DType> WIDE = List.of(DType.FLOAT32, DType.FLOAT64);
  static final List<DType> INTEGERS =
      List.of(DType.INT64, DType.INT32, DType.INT16, DType.INT8, DType.UINT8);
  static final List<DType> WHOLE =
      List.of(DType.INT64, DType.INT32, DType.INT16, DType.INT8, DType.UINT8, DType.BOOL);

  private final Dice dice;
  private final Map<String, Value> arguments = new LinkedHashMap<>();
  private final Case.Mode wanted;
  private DType dtype = DType.FLOAT32;
  private List<DType> types = FLOATING;
  private List<Fill> fills = List.of(Fill.NORMAL, Fill.NORMAL, Fill.TIES);

  Draft(Dice dice, Case.Mode wanted) {
    this.dice = dice;
    this.wanted = wanted;
    types(FLOATING);
  }

  Dice dice() {
    return dice;
  }

  Map<String, Value> arguments() {
    return arguments;
  }

  /// The mode to compare in: gradients need an operand that has them.
  Case.Mode mode() {
    return wantsReal() && !types.stream().allMatch(this::hasGradients) ? Case.Mode.VALUE : wanted;
  }

  /// Second gradients of halves are noise.
  private boolean hasGradients(DType type) {
    return type.isFloating() && !(wanted == Case.Mode.GRADGRAD && type.isHalf());
  }

  private boolean wantsReal() {
    return wanted == Case.Mode.GRAD || wanted == Case.Mode.GRADGRAD;
  }

  /// Whether gradients are to be compared, so that operands should avoid what has none.
  boolean isSmooth() {
    return wantsReal() && mode() == wanted;
  }

  // ---- what operands are like from here on

  /// The types that the case may have; one of them is drawn, float32 more often.
  Draft types(List<DType> some) {
    List<DType> real = some.stream().filter(this::hasGradients).toList();
    types = wantsReal() && !real.isEmpty() ? real : some;
    dtype = types.contains(DType.FLOAT32) && dice.oneIn(3) ? DType.FLOAT32 : dice.pick(types);
    return this;
  }

  /// One type that is drawn.
  Draft types(DType... some) {
    return types(Arrays.asList(some));
  }

  /// Another type for the next operands, among those allowed: operands of mixed types.
  Draft mixed() {
    if (dice.oneIn(3)) {
      dtype = dice.pick(types);
    }
    return this;
  }

  /// What elements of operands are like: one of these for each operand.
  Draft fills(Fill... some) {
    fills = List.of(some);
    return this;
  }

  /// Elements of any size, with special values where no gradients are compared.
  Draft any() {
    if (mode() == Case.Mode.GRADGRAD) {
      return fills(Fill.NORMAL);
    }
    return isSmooth()
        ? fills(Fill.NORMAL, Fill.NORMAL, Fill.TIES)
        : fills(Fill.NORMAL, Fill.NORMAL, Fill.TIES, Fill.WIDE, Fill.SPECIAL);
  }

  /// Elements that are finite and, where second gradients are compared, not equal.
  Draft finite() {
    return mode() == Case.Mode.GRADGRAD ? fills(Fill.NORMAL) : fills(Fill.NORMAL, Fill.TIES);
  }

  /// Elements for folds: special values, but none whose sums depend on their order.
  Draft summable() {
    if (mode() == Case.Mode.GRADGRAD) {
      return fills(Fill.NORMAL);
    }
    return isSmooth()
        ? fills(Fill.NORMAL, Fill.NORMAL, Fill.TIES)
        : fills(Fill.NORMAL, Fill.NORMAL, Fill.TIES, Fill.NONFINITE);
  }

  /// Elements between two bounds, and now and then any.
  Draft within(double low, double high) {
    Fill inside = Fill.between(low, high);
    return isSmooth()
        ? fills(inside)
        : fills(inside, inside, inside, Fill.NORMAL, Fill.WIDE, Fill.SPECIAL);
  }

  DType dtype() {
    return dtype;
  }

  // ---- operands

  /// An operand `x` of any shape.
  Draft x() {
    return x(0, 4);
  }

  /// An operand `x` with that many axes.
  Draft x(int leastAxes, int mostAxes) {
    return operand("x", dice.shape(leastAxes, mostAxes));
  }

  Draft operand(String name, Shape shape) {
    return operand(name, shape, dtype, dice.pick(fills));
  }

  Draft operand(String name, Shape shape, Fill fill) {
    return operand(name, shape, dtype, fill);
  }

  Draft operand(String name, Shape shape, DType type, Fill fill) {
    return put(name, drawn(shape, type, fill));
  }

  /// An operand whose gradient is not compared.
  Draft constant(String name, Shape shape, Fill fill) {
    Operand drawn = drawn(shape, dtype, fill);
    return put(
        name,
        new Operand(
            drawn.dtype(), shape, drawn.placement(), fill, drawn.seed(), Operand.Role.CONSTANT));
  }

  /// An operand that is there or not.
  Draft maybe(String name, Shape shape) {
    return dice.oneIn(2) ? operand(name, shape) : absent(name);
  }

  Operand drawn(Shape shape, DType type, Fill fill) {
    List<Placement> placements =
        Arrays.stream(Placement.values())
            .filter(each -> each.fits(shape))
            .filter(each -> mayRepeat(fill) || each != Placement.EXPANDED)
            .toList();
    Placement placement = dice.oneIn(2) ? Placement.PLAIN : dice.pick(placements);
    return new Operand(type, shape, placement, fill, dice.between(0, 999));
  }

  /// Whether elements may be equal: second derivatives do not exist where they are.
  private boolean mayRepeat(Fill fill) {
    return fill.kind() != Fill.Kind.DISTINCT
        && fill.kind() != Fill.Kind.ASCENDING
        && mode() != Case.Mode.GRADGRAD;
  }

  /// An operand that broadcasts with `x`.
  Draft like(String name) {
    return operand(name, dice.broadcastable(shape("x")));
  }

  /// An operand of the shape of `x`.
  Draft same(String name) {
    return operand(name, shape("x"));
  }

  /// Truth values that broadcast with `x`.
  Draft likeMask(String name) {
    return mask(name, dice.broadcastable(shape("x")));
  }

  /// Drops the arguments but these.
  Draft only(String... names) {
    arguments.keySet().retainAll(Arrays.asList(names));
    return this;
  }

  /// Any type, with elements whose conversion to `to` is defined (rule DT-24).
  Draft castable(DType to) {
    types(ALL);
    if (to.isFloating() || to == DType.BOOL || !dtype.isFloating()) {
      return any();
    }
    return to == DType.UINT8
        ? fills(Fill.between(0, 255))
        : fills(Fill.between(-128, 127), Fill.TIES);
  }

  /// Int64 positions on an axis of a size.
  Draft positions(String name, Shape shape, long size) {
    return operand(name, shape, DType.INT64, Fill.index(size));
  }

  /// Truth values.
  Draft mask(String name, Shape shape) {
    return operand(name, shape, DType.BOOL, Fill.NORMAL);
  }

  Draft operands(String name, List<Operand> all) {
    return put(name, new Value.Operands(all));
  }

  // ---- other arguments

  /// An axis of `x`, from either end; seldom one that is not there.
  Draft axis() {
    return axis("axis");
  }

  Draft axis(String name) {
    int rank = Math.max(1, shape("x").rank());
    int limit = dice.oneIn(40) ? rank + 1 : rank;
    return whole(name, -limit, limit - 1);
  }

  /// Some axes of `x`, none twice, or all where none is named.
  Draft axes() {
    return dice.oneIn(4) || shape("x").rank() == 0 ? absent("axes") : someAxes();
  }

  /// At least one axis of `x`, none twice.
  Draft someAxes() {
    int rank = shape("x").rank();
    List<Long> axes = new ArrayList<>();
    for (int axis : dice.distinct(dice.between(1, rank), rank)) {
      axes.add((long) (dice.oneIn(2) ? axis : axis - rank));
    }
    if (dice.oneIn(60) && !axes.isEmpty()) {
      axes.add(axes.getFirst());
    }
    return put("axes", new Value.Wholes(axes));
  }

  Draft flag(String name) {
    return put(name, new Value.Truth(dice.oneIn(2)));
  }

  Draft whole(String name, int low, int high) {
    return put(name, new Value.Whole(dice.between(low, high)));
  }

  Draft wholes(String name, List<Long> all) {
    return put(name, new Value.Wholes(all));
  }

  /// As many integers as there are axes, between bounds.
  Draft wholes(String name, int count, int low, int high) {
    return wholes(
        name, IntStream.range(0, count).mapToObj(_ -> (long) dice.between(low, high)).toList());
  }

  Draft real(String name, double low, double high) {
    return put(name, new Value.Real(dice.between(low, high)));
  }

  Draft real(String name, Double... some) {
    return put(name, new Value.Real(dice.pick(some)));
  }

  Draft reals(String name, List<Double> all) {
    return put(name, new Value.Reals(all));
  }

  Draft word(String name, String... some) {
    return put(name, new Value.Word(dice.pick(some)));
  }

  /// An element type, of those allowed or any.
  Draft type(String name, List<DType> some) {
    return put(name, new Value.Word(dice.pick(some).toString()));
  }

  Draft absent(String name) {
    return put(name, Value.Absent.NONE);
  }

  Draft put(String name, Value value) {
    arguments.put(name, value);
    return this;
  }

  /// Puts an argument behind the others, where the schema has it.
  Draft moveLast(String name) {
    Value value = arguments.remove(name);
    return put(name, value == null ? Value.Absent.NONE : value);
  }

  // ---- what was drawn

  Shape shape(String name) {
    if (arguments.get(name) instanceof Operand operand) {
      return operand.shape();
    }
    throw new IllegalStateException("draft: no operand " + name + " yet in " + arguments);
  }

  List<Long> wholes(String name) {
    if (arguments.get(name) instanceof Value.Wholes(List<Long> all)) {
      return all;
    }
    throw new IllegalStateException("draft: no numbers " + name + " yet in " + arguments);
  }

  long whole(String name) {
    if (arguments.get(name) instanceof Value.Whole(long value)) {
      return value;
    }
    throw new IllegalStateException("draft: no number " + name + " yet in " + arguments);
  }
}
