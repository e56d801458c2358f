package dev.proteus.op;

import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// Indices of every sort for a random shape, and what they read by definition: each element of the
/// result from its coordinates.
final class RandomIndices {
  /// How the coordinate along one axis of the operand follows from the result's.
  private sealed interface Rule {
    record Fixed(long at) implements Rule {}

    record Sliced(int axis, long start, long step) implements Rule {}

    record Picked(List<Long> numbers, Shape shape) implements Rule {}
  }

  private final Random random;
  private final long[] sizes;
  private final List<Index<Tensor>> indices = new ArrayList<>();
  private final List<Rule> rules = new ArrayList<>();

  /// Sizes of the result's axes but those of index tensors.
  private final List<Long> sliced = new ArrayList<>();

  private Shape picked = Shape.SCALAR;

  /// Where the axes of index tensors stand in the result, if there are any.
  private int front = -1;

  RandomIndices(Random random) {
    this.random = random;
    sizes = random.longs(1 + random.nextInt(4), 1, 5).toArray();
    long[] common = random.longs(1 + random.nextInt(2), 1, 3).toArray();
    int last = -1;
    for (long size : sizes) {
      if (random.nextInt(5) == 0) {
        indices.add(Index.newAxis());
        sliced.add(1L);
      }
      switch (random.nextInt(4)) {
        case 0 -> number(size);
        case 1 -> slice(random.nextLong(size), 1 + random.nextInt(2), size);
        case 2 -> slice(0, 1, size);
        default -> {
          pick(size, common.clone());
          boolean isSeparated = last >= 0 && last != sliced.size();
          front = isSeparated || front == 0 ? 0 : sliced.size();
          last = sliced.size();
        }
      }
    }
  }

  private void number(long size) {
    long at = random.nextLong(-size, size);
    indices.add(Index.at(at));
    rules.add(new Rule.Fixed(Math.floorMod(at, size)));
  }

  private void slice(long start, long step, long size) {
    indices.add(Index.slice(start, 99, step));
    rules.add(new Rule.Sliced(sliced.size(), start, step));
    sliced.add(Math.ceilDiv(size - start, step));
  }

  private void pick(long size, long[] shape) {
    if (random.nextBoolean()) {
      shape[random.nextInt(shape.length)] = 1;
    }
    Shape own = Shape.of(shape);
    long[] numbers = random.longs(own.numel(), -size, size).toArray();
    Tensor tensor = Tensor.of(numbers, shape);
    indices.add(Index.at(random.nextBoolean() ? tensor : tensor.to(DType.INT32)));
    List<Long> positive = Arrays.stream(numbers).map(n -> Math.floorMod(n, size)).boxed().toList();
    rules.add(new Rule.Picked(positive, own));
    picked = Shape.broadcast(picked, own, "test");
  }

  long[] sizes() {
    return sizes.clone();
  }

  List<Index<Tensor>> indices() {
    return indices;
  }

  Shape result() {
    Shape rest = Shape.of(sliced);
    return front < 0
        ? rest
        : rest.slice(0, front).concat(picked).concat(rest.slice(front, rest.rank()));
  }

  /// The row-major number in the operand that each element of the result reads.
  private int[] sources() {
    int[] sources = new int[(int) result().numel()];
    for (int element = 0; element < sources.length; element++) {
      long[] at = coordinates(element);
      long source = 0;
      for (int axis = 0; axis < sizes.length; axis++) {
        source = source * sizes[axis] + coordinate(rules.get(axis), at);
      }
      sources[element] = (int) source;
    }
    return sources;
  }

  private long coordinate(Rule rule, long[] at) {
    return switch (rule) {
      case Rule.Fixed(long index) -> index;
      case Rule.Sliced(int axis, long start, long step) ->
          start + step * at[front >= 0 && axis >= front ? axis + picked.rank() : axis];
      case Rule.Picked(List<Long> numbers, Shape shape) -> {
        long number = 0;
        for (int axis = 0; axis < shape.rank(); axis++) {
          int place = front + picked.rank() - shape.rank() + axis;
          number = number * shape.size(axis) + (shape.size(axis) == 1 ? 0 : at[place]);
        }
        yield numbers.get((int) number);
      }
    };
  }

  private long[] coordinates(long element) {
    long[] at = result().toArray();
    long rest = element;
    for (int axis = at.length - 1; axis >= 0; axis--) {
      long size = at[axis];
      at[axis] = rest % size;
      rest /= size;
    }
    return at;
  }

  /// The result for an operand whose element i is `3 i + 1`.
  double[] expected() {
    return Arrays.stream(sources()).mapToDouble(i -> 3.0 * i + 1).toArray();
  }

  /// That operand with the sign changed wherever the indices read.
  double[] marked() {
    double[] values = new double[(int) Shape.of(sizes).numel()];
    Arrays.setAll(values, i -> 3.0 * i + 1);
    for (int source : sources()) {
      values[source] = -(3.0 * source + 1);
    }
    return values;
  }

  @Override
  public String toString() {
    return Arrays.toString(sizes) + indices;
  }
}
