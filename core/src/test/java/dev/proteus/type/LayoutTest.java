package dev.proteus.type;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.error.ShapeException;
import dev.proteus.error.TensorIndexException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/// Views as arithmetic on strides, against the same views by enumeration of elements, along random
/// walks.
final class LayoutTest {
  /// What a layout means: the element of the storage at each index, row-major.
  private record Elements(Shape shape, List<Long> numbers) {
    static Elements of(Layout layout) {
      long[] at = new long[layout.rank()];
      List<Long> numbers = new ArrayList<>();
      for (long i = 0; i < layout.numel(); i++) {
        unravel(layout.shape(), i, at);
        numbers.add(element(layout, at));
      }
      return new Elements(layout.shape(), numbers);
    }

    /// The elements of a shape whose element at an index is this one's at another.
    Elements read(Shape result, UnaryOperator<long[]> source) {
      long[] at = new long[result.rank()];
      List<Long> read = new ArrayList<>();
      for (long i = 0; i < result.numel(); i++) {
        unravel(result, i, at);
        read.add(numbers.get((int) ravel(shape, source.apply(at.clone()))));
      }
      return new Elements(result, read);
    }

    long[] toArray() {
      return numbers.stream().mapToLong(Long::longValue).toArray();
    }
  }

  private static long element(Layout layout, long... at) {
    long element = layout.offset();
    for (int axis = 0; axis < at.length; axis++) {
      element += at[axis] * layout.stride(axis);
    }
    return element;
  }

  private static void unravel(Shape shape, long index, long[] at) {
    long rest = index;
    for (int axis = at.length - 1; axis >= 0; axis--) {
      at[axis] = rest % shape.size(axis);
      rest /= shape.size(axis);
    }
  }

  private static long ravel(Shape shape, long... at) {
    long index = 0;
    for (int axis = 0; axis < at.length; axis++) {
      index = index * shape.size(axis) + at[axis];
    }
    return index;
  }

  /// A layout and what it must mean.
  private record Step(Layout layout, Elements expected, boolean windowed) {
    Step to(Layout next, Elements elements) {
      return new Step(next, elements, windowed);
    }
  }

  private static Step start(Random random) {
    long[] sizes = random.longs(random.nextInt(4), 1, 5).toArray();
    if (sizes.length > 0 && random.nextInt(10) == 0) {
      sizes[random.nextInt(sizes.length)] = 0;
    }
    Layout layout = Layout.contiguous(Shape.of(sizes));
    return new Step(layout, Elements.of(layout), false);
  }

  private static Step next(Step step, Random random) {
    return switch (random.nextInt(6)) {
      case 0 -> permuted(step, random);
      case 1 -> expanded(step, random);
      case 2 -> sliced(step, random);
      case 3 -> windowed(step, random);
      case 4 -> diagonal(step, random);
      default -> reshaped(step, random);
    };
  }

  private static Step permuted(Step step, Random random) {
    int rank = step.layout().rank();
    int[] axes = new int[rank];
    Arrays.setAll(axes, i -> i);
    for (int i = rank - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int kept = axes[i];
      axes[i] = axes[other];
      axes[other] = kept;
    }
    Shape before = step.layout().shape();
    Shape shape = Shape.of(Arrays.stream(axes).mapToLong(before::size).toArray());
    Elements expected =
        step.expected()
            .read(
                shape,
                at -> {
                  long[] source = new long[rank];
                  for (int i = 0; i < rank; i++) {
                    source[axes[i]] = at[i];
                  }
                  return source;
                });
    return step.to(step.layout().permute(axes), expected);
  }

  private static Step expanded(Step step, Random random) {
    Shape before = step.layout().shape();
    if (before.rank() > 4) {
      return step;
    }
    long[] sizes = before.toArray();
    for (int axis = 0; axis < sizes.length; axis++) {
      sizes[axis] = sizes[axis] == 1 ? 1 + random.nextInt(3) : sizes[axis];
    }
    Shape shape = Shape.of(sizes);
    int added = random.nextInt(2);
    Shape target = added == 0 ? shape : shape.insert(0, 2);
    Elements expected =
        step.expected()
            .read(
                target,
                at -> {
                  long[] source = Arrays.copyOfRange(at, added, at.length);
                  for (int axis = 0; axis < source.length; axis++) {
                    source[axis] = before.size(axis) == 1 ? 0 : source[axis];
                  }
                  return source;
                });
    return step.to(step.layout().expand(target), expected);
  }

  private static Step sliced(Step step, Random random) {
    Shape before = step.layout().shape();
    if (before.rank() == 0) {
      return step;
    }
    int axis = random.nextInt(before.rank());
    long size = before.size(axis);
    long start = random.nextLong(size + 1);
    long by = 1 + random.nextLong(3);
    long length = random.nextInt(8) == 0 ? 0 : (size - start + by - 1) / by;
    Elements expected =
        step.expected()
            .read(
                before.with(axis, length),
                at -> {
                  at[axis] = start + at[axis] * by;
                  return at;
                });
    return step.to(step.layout().slice(axis, start, length, by), expected);
  }

  private static Step windowed(Step step, Random random) {
    Shape before = step.layout().shape();
    if (before.rank() == 0 || before.rank() > 4) {
      return step;
    }
    int axis = random.nextInt(before.rank());
    long size = random.nextLong(before.size(axis) + 1);
    long by = 1 + random.nextLong(2);
    Shape shape = before.with(axis, (before.size(axis) - size) / by + 1).concat(Shape.of(size));
    Elements expected =
        step.expected()
            .read(
                shape,
                at -> {
                  long[] source = Arrays.copyOf(at, at.length - 1);
                  source[axis] = at[axis] * by + at[at.length - 1];
                  return source;
                });
    return new Step(step.layout().window(axis, size, by), expected, true);
  }

  private static Step diagonal(Step step, Random random) {
    Shape before = step.layout().shape();
    if (before.rank() < 2) {
      return step;
    }
    int first = random.nextInt(before.rank());
    int second = (first + 1 + random.nextInt(before.rank() - 1)) % before.rank();
    int shift = random.nextInt(5) - 2;
    long rowsBelow = Math.max(0, -shift);
    long columnsRight = Math.max(0, shift);
    long length =
        Math.max(0, Math.min(before.size(first) - rowsBelow, before.size(second) - columnsRight));
    Shape shape =
        before
            .without(Math.max(first, second))
            .without(Math.min(first, second))
            .concat(Shape.of(length));
    Elements expected =
        step.expected()
            .read(
                shape,
                at -> {
                  long[] source = new long[before.rank()];
                  int next = 0;
                  for (int axis = 0; axis < source.length; axis++) {
                    source[axis] = axis == first || axis == second ? 0 : at[next++];
                  }
                  source[first] = at[next] + rowsBelow;
                  source[second] = at[next] + columnsRight;
                  return source;
                });
    return new Step(step.layout().diagonal(shift, first, second), expected, true);
  }

  private static Step reshaped(Step step, Random random) {
    Shape shape = step.layout().shape();
    for (int i = 0; i < 3 && shape.rank() > 0; i++) {
      int axis = random.nextInt(shape.rank());
      long size = shape.size(axis);
      if (axis + 1 < shape.rank() && random.nextBoolean()) {
        shape = shape.with(axis, size * shape.size(axis + 1)).without(axis + 1);
      } else if (shape.rank() < 5) {
        long part = size > 0 && size % 2 == 0 ? 2 : 1;
        shape = shape.with(axis, size / part).insert(axis + 1, part);
      }
    }
    Elements expected = new Elements(shape, step.expected().numbers());
    Optional<Layout> view = step.layout().reshape(shape);
    if (!step.windowed() && shape.numel() > 0) {
      assertEquals(
          hasStrides(expected), view.isPresent(), () -> step.layout() + " to " + expected.shape());
    }
    return view.isPresent() ? step.to(view.get(), expected) : step;
  }

  /// Whether some strides lead to these elements.
  private static boolean hasStrides(Elements elements) {
    long[] numbers = elements.toArray();
    Shape shape = elements.shape();
    long[] strides = new long[shape.rank()];
    long after = 1;
    for (int axis = shape.rank() - 1; axis >= 0; axis--) {
      strides[axis] = shape.size(axis) == 1 ? 0 : numbers[(int) after] - numbers[0];
      after *= shape.size(axis);
    }
    return Arrays.stream(strides).allMatch(s -> s >= 0)
        && Elements.of(Layout.of(shape, strides, numbers[0])).equals(elements);
  }

  @Property(tries = 1000)
  void viewsReadTheElementsThatTheyName(@ForAll long seed) {
    Random random = new Random(seed);
    Step step = start(random);
    for (int i = 0; i < 6 && step.layout().numel() < 2000; i++) {
      step = next(step, random);
      assertEquals(step.expected(), Elements.of(step.layout()));
      properties(step);
    }
  }

  private static void properties(Step step) {
    Layout layout = step.layout();
    long[] numbers = step.expected().toArray();
    if (numbers.length == 0) {
      assertEquals(0, layout.span());
      return;
    }
    long[] sorted = Arrays.stream(numbers).sorted().toArray();
    long last = sorted[sorted.length - 1];
    boolean repeats = Arrays.stream(numbers).distinct().count() < numbers.length;
    boolean dense = !repeats && last - sorted[0] + 1 == numbers.length;
    assertEquals(numbers[0], layout.offset());
    assertEquals(last + 1, layout.span());
    assertEquals(dense && Arrays.equals(sorted, numbers), layout.isContiguous(), layout::toString);
    assertEquals(dense, layout.isDense(), layout::toString);
    if (!step.windowed()) {
      assertEquals(repeats, layout.overlapsItself(), layout::toString);
    }
    assertTrue(!repeats || layout.overlapsItself(), layout::toString);
    if (dense) {
      Layout copy = layout.densePermutation();
      assertEquals(0, copy.offset());
      long first = sorted[0];
      long[] moved = Arrays.stream(numbers).map(n -> n - first).toArray();
      assertArrayEquals(moved, Elements.of(copy).toArray());
    }
  }

  @Example
  void refusals() {
    Layout layout = Layout.contiguous(Shape.of(2, 3));
    assertThrows(ShapeException.class, () -> layout.permute(0, 0));
    assertThrows(ShapeException.class, () -> layout.permute(0));
    assertThrows(ShapeException.class, () -> layout.expand(Shape.of(4, 3)));
    assertThrows(TensorIndexException.class, () -> layout.slice(1, 2, 2, 1));
    assertThrows(TensorIndexException.class, () -> layout.slice(2, 0, 1, 1));
    assertThrows(ShapeException.class, () -> layout.window(1, 4, 1));
    assertThrows(ShapeException.class, () -> layout.diagonal(0, 1, 1));
    assertThrows(ShapeException.class, () -> layout.reshape(Shape.of(4)));
    assertThrows(ShapeException.class, () -> Layout.of(Shape.of(2), new long[] {-1}, 0));
  }

  @Example
  void vw3ReshapesWhereStridesAllow() {
    Layout strange = Layout.of(Shape.of(2, 1, 3), new long[] {6, 50, 2}, 4);
    assertEquals(
        Layout.of(Shape.of(6), new long[] {2}, 4), strange.reshape(Shape.of(6)).orElseThrow());
    Layout rows = Layout.of(Shape.of(4, 3), new long[] {5, 1}, 0);
    Layout split = Layout.of(Shape.of(2, 2, 3), new long[] {10, 5, 1}, 0);
    assertEquals(split, rows.reshape(Shape.of(2, 2, 3)).orElseThrow());
    assertEquals(Optional.empty(), rows.reshape(Shape.of(12)));
    Layout transposed = Layout.contiguous(Shape.of(2, 3)).permute(1, 0);
    assertEquals(Optional.empty(), transposed.reshape(Shape.of(6)));
    Layout repeated = Layout.contiguous(Shape.of(1, 3)).expand(Shape.of(4, 3));
    Layout halves = Layout.of(Shape.of(2, 2, 3), new long[] {0, 0, 1}, 0);
    assertEquals(halves, repeated.reshape(Shape.of(2, 2, 3)).orElseThrow());
  }

  @Example
  void aWindowOfAScalarIsItsElement() {
    Layout window = Layout.contiguous(Shape.SCALAR).window(0, 1, 1);
    assertEquals(Shape.of(1), window.shape());
    assertEquals(0, window.offset());
  }

  @Example
  void layoutsAreValues() {
    Layout layout = Layout.contiguous(Shape.of(2, 3));
    assertEquals(layout, Layout.of(Shape.of(2, 3), new long[] {3, 1}, 0));
    assertEquals(layout.hashCode(), Layout.contiguous(Shape.of(2, 3)).hashCode());
  }
}
