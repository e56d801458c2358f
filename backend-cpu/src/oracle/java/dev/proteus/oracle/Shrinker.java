package dev.proteus.oracle;

import dev.proteus.type.DType;
import dev.proteus.type.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// Makes a failing case smaller as long as it still fails: of all changes that make it simpler, the
/// first that fails in the same way is taken, until none does.
final class Shrinker {
  private static final int MOST_STEPS = 400;

  private static final List<Fill> SIMPLER = List.of(Fill.ZEROS, Fill.ONES, Fill.TIES, Fill.NORMAL);

  private final Predicate<Case> fails;

  /// @param fails whether a case fails in the way that is looked for
  Shrinker(Predicate<Case> fails) {
    this.fails = fails;
  }

  /// The smallest case that fails as this one does: a result that differs stays one.
  static Case smallest(Trial trial, Case failing) {
    String kind = kind(trial.run(failing));
    return new Shrinker(each -> kind(trial.run(each)).equals(kind)).shrink(failing);
  }

  private static String kind(Verdict verdict) {
    return verdict instanceof Verdict.Differs(String kind, _) ? kind : "";
  }

  Case shrink(Case failing) {
    Case smallest = failing;
    int steps = 0;
    boolean smaller = true;
    while (smaller && steps < MOST_STEPS) {
      smaller = false;
      for (Case simpler : (Iterable<Case>) simpler(smallest)::iterator) {
        steps++;
        if (fails.test(simpler)) {
          smallest = simpler;
          smaller = true;
          break;
        }
      }
    }
    return smallest;
  }

  /// Cases that are simpler by one change, the greatest changes first.
  private static Stream<Case> simpler(Case from) {
    return Stream.of(
            plainMode(from),
            sizes(from),
            withoutAxis(from),
            eachValue(from, Shrinker::simplerValue),
            eachOperand(from, Shrinker::smallerOperand),
            eachOperand(from, Shrinker::simplerOperand),
            types(from))
        .flatMap(Function.identity())
        .filter(each -> !each.equals(from));
  }

  private static Stream<Case> plainMode(Case from) {
    return switch (from.mode()) {
      case VALUE -> Stream.empty();
      case INPLACE, GRAD -> Stream.of(new Case(from.rule(), Case.Mode.VALUE, from.arguments()));
      case GRADGRAD -> Stream.of(new Case(from.rule(), Case.Mode.GRAD, from.arguments()));
    };
  }

  /// One size, wherever it occurs, made smaller: what belongs together stays so.
  private static Stream<Case> sizes(Case from) {
    return from.operands().stream()
        .flatMap(operand -> operand.shape().toList().stream())
        .distinct()
        .sorted((a, b) -> Long.compare(b, a))
        .flatMap(size -> smaller(size).map(to -> map(from, each -> resized(each, size, to))));
  }

  private static Stream<Long> smaller(long size) {
    return Stream.of(0L, 1L, 2L, size / 2, size - 1).filter(to -> to >= 0 && to < size).distinct();
  }

  private static Operand resized(Operand operand, long from, long to) {
    long[] sizes = operand.shape().toArray();
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = sizes[i] == from ? to : sizes[i];
    }
    return operand.withShape(Shape.of(sizes));
  }

  /// One axis less in all operands that have it, counted from the end.
  private static Stream<Case> withoutAxis(Case from) {
    int most = from.operands().stream().mapToInt(each -> each.shape().rank()).max().orElse(0);
    return Stream.iterate(most, fromEnd -> fromEnd > 0, fromEnd -> fromEnd - 1)
        .map(fromEnd -> map(from, each -> without(each, fromEnd)));
  }

  private static Operand without(Operand operand, int fromEnd) {
    return operand.shape().rank() < fromEnd
        ? operand
        : operand.withShape(operand.shape().without(-fromEnd));
  }

  private static Stream<Case> types(Case from) {
    return Stream.of(DType.FLOAT32, DType.INT64)
        .filter(_ -> from.operands().stream().map(Operand::dtype).distinct().count() == 1)
        .filter(to -> from.operands().stream().anyMatch(each -> each.dtype().compareTo(to) > 0))
        .map(to -> map(from, each -> each.withDType(to)));
  }

  private static Case map(Case from, UnaryOperator<Operand> change) {
    Case result = from;
    for (Map.Entry<String, Value> argument : from.arguments().entrySet()) {
      if (argument.getValue() instanceof Operand operand) {
        result = result.with(argument.getKey(), change.apply(operand));
      } else if (argument.getValue() instanceof Value.Operands(List<Operand> all)) {
        List<Operand> changed = all.stream().map(change).toList();
        result = result.with(argument.getKey(), new Value.Operands(changed));
      }
    }
    return result;
  }

  private static Stream<Case> eachValue(Case from, Function<Value, Stream<Value>> simpler) {
    return from.arguments().entrySet().stream()
        .flatMap(argument ->
            simpler.apply(argument.getValue()).map(to -> from.with(argument.getKey(), to)));
  }

  private static Stream<Case> eachOperand(Case from, Function<Operand, Stream<Operand>> simpler) {
    return eachValue(
        from,
        value ->
            switch (value) {
              case Operand operand -> simpler.apply(operand).map(each -> each);
              case Value.Operands(List<Operand> all) -> inList(all, simpler);
              case Value.Whole _, Value.Real _, Value.Truth _, Value.Wholes _, Value.Reals _ ->
                  Stream.empty();
              case Value.Word _, Value.Absent _ -> Stream.empty();
            });
  }

  private static Stream<Value> inList(
      List<Operand> all, Function<Operand, Stream<Operand>> simpler) {
    List<Value> results = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      int at = i;
      simpler
          .apply(all.get(i))
          .map(each -> replaced(all, at, each))
          .forEach(each -> results.add(new Value.Operands(each)));
    }
    return results.stream();
  }

  private static <E> List<E> replaced(List<E> all, int at, E element) {
    List<E> changed = new ArrayList<>(all);
    changed.set(at, element);
    return changed;
  }

  private static Stream<Operand> smallerOperand(Operand operand) {
    return Stream.iterate(0, axis -> axis < operand.shape().rank(), axis -> axis + 1)
        .flatMap(axis ->
            smaller(operand.shape().size(axis))
                .map(size -> operand.withShape(operand.shape().with(axis, size))));
  }

  private static Stream<Operand> simplerOperand(Operand operand) {
    Stream<Operand> plain =
        operand.placement() == Placement.PLAIN
            ? Stream.empty()
            : Stream.of(operand.withPlacement(Placement.PLAIN));
    return Stream.concat(plain, simplerFills(operand.fill()).stream().map(operand::withFill));
  }

  /// What elements must be, such as sorted, stays.
  private static List<Fill> simplerFills(Fill fill) {
    return switch (fill.kind()) {
      case DISTINCT, ASCENDING, AWAY, DOMINANT -> List.of();
      case ZEROS, ONES, TIES, NORMAL -> SIMPLER.subList(0, SIMPLER.indexOf(fill));
      case BETWEEN, WIDE, NONFINITE, SPECIAL -> SIMPLER;
    };
  }

  private static Stream<Value> simplerValue(Value value) {
    return switch (value) {
      case Value.Whole(long number) ->
          Stream.of(0L, 1L, number / 2)
              .filter(each -> Math.abs(each) < Math.abs(number))
              .map(Value.Whole::new);
      case Value.Real(double number) ->
          Stream.of(0.0, 1.0, Math.rint(number))
              .filter(each -> each != number && Math.abs(each) <= Math.abs(number))
              .map(Value.Real::new);
      case Value.Truth(boolean flag) -> flag ? Stream.of(new Value.Truth(false)) : Stream.empty();
      case Value.Wholes(List<Long> all) -> lists(all, 1L).map(Value.Wholes::new);
      case Value.Reals(List<Double> all) -> lists(all, 1.0).map(Value.Reals::new);
      case Value.Operands(List<Operand> all) -> shorter(all).map(Value.Operands::new);
      case Operand _ -> Stream.of(Value.Absent.NONE);
      case Value.Word _, Value.Absent _ -> Stream.empty();
    };
  }

  private static <E> Stream<List<E>> lists(List<E> all, E one) {
    List<List<E>> results = new ArrayList<>(shorter(all).toList());
    for (int i = 0; i < all.size(); i++) {
      if (!all.get(i).equals(one)) {
        results.add(replaced(all, i, one));
      }
    }
    return results.stream();
  }

  private static <E> Stream<List<E>> shorter(List<E> all) {
    return Stream.iterate(0, i -> i < all.size(), i -> i + 1)
        .map(i -> {
          List<E> rest = new ArrayList<>(all);
          rest.remove(i.intValue());
          return rest;
        });
  }
}
