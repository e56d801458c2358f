package dev.proteus.backend.cpu.conv;

import static dev.proteus.type.DType.BFLOAT16;
import static dev.proteus.type.DType.FLOAT32;
import static dev.proteus.type.DType.INT64;

import dev.proteus.backend.cpu.fast.Check;
import dev.proteus.backend.cpu.fast.Check.Given;
import dev.proteus.backend.cpu.fast.Check.Lie;
import dev.proteus.op.AvgPool;
import dev.proteus.op.AvgPool.Divisor;
import dev.proteus.op.AvgPoolBackward;
import dev.proteus.op.MaxPool;
import dev.proteus.op.MaxPoolBackward;
import dev.proteus.op.Rounding;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// [MaxPoolKernel] and [AvgPoolKernel] against the definitions, over kernels, strides, paddings,
/// dilations and roundings.
final class PoolKernelsTest {
  private static List<Integer> numbers(Random random, int count, int least, int most) {
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      numbers.add(least + random.nextInt(most - least + 1));
    }
    return numbers;
  }

  private static List<Integer> paddings(Random random, List<Integer> kernel) {
    return kernel.stream().map(k -> random.nextInt(k / 2 + 1)).toList();
  }

  private static Shape shape(Random random, List<Integer> kernel, List<Integer> dilation) {
    long[] sizes = new long[kernel.size() + 2];
    sizes[0] = random.nextLong(1, 3);
    sizes[1] = random.nextLong(1, 4);
    for (int i = 0; i < kernel.size(); i++) {
      sizes[i + 2] = dilation.get(i) * (kernel.get(i) - 1L) + random.nextLong(1, 10);
    }
    return Shape.of(sizes);
  }

  private static Rounding rounding(Random random) {
    return random.nextBoolean() ? Rounding.FLOOR : Rounding.CEIL;
  }

  private static void max(Random random, int axes, DType dtype, Lie lie, double range) {
    List<Integer> kernel = numbers(random, axes, 1, 3);
    List<Integer> dilation = numbers(random, axes, 1, 2);
    Shape x = shape(random, kernel, dilation);
    MaxPool op =
        new MaxPool(
            kernel,
            numbers(random, axes, 1, 3),
            paddings(random, kernel),
            dilation,
            rounding(random));
    Check.kernel(op, random.nextLong(), new Given(x, dtype, lie, -range, range));
    Shape out = op.infer(List.of(new TensorSpec(x, dtype, Device.CPU))).getFirst().shape();
    Shape spatial = x.slice(2, x.rank());
    Check.kernel(
        new MaxPoolBackward(spatial.toList()),
        random.nextLong(),
        new Given(out, dtype, lie, -1, 1),
        new Given(out, INT64, lie, 0, spatial.numel()));
  }

  private static void avg(Random random, int axes, DType dtype, Lie lie, Divisor divisor) {
    List<Integer> kernel = numbers(random, axes, 1, 3);
    Shape x = shape(random, kernel, numbers(random, axes, 1, 1));
    AvgPool op =
        new AvgPool(
            kernel,
            numbers(random, axes, 1, 3),
            paddings(random, kernel),
            rounding(random),
            divisor);
    Check.kernel(op, random.nextLong(), new Given(x, dtype, lie, -1, 1));
    Shape out = op.infer(List.of(new TensorSpec(x, dtype, Device.CPU))).getFirst().shape();
    Check.kernel(
        new AvgPoolBackward(op, x.slice(2, x.rank()).toList()),
        random.nextLong(),
        new Given(out, dtype, lie, -1, 1));
  }

  @Test
  void maxOverOneToThreeAxes() {
    Random random = new Random(3);
    Lie[] lies = {Lie.CONTIGUOUS, Lie.CONTIGUOUS, Lie.STEPPED, Lie.CHANNELS_LAST, Lie.TRANSPOSED};
    for (int i = 0; i < 45; i++) {
      max(random, 1 + i % 3, i % 7 == 0 ? BFLOAT16 : FLOAT32, lies[i % 5], 1);
    }
  }

  @Test
  void theFirstOfEqualElementsIsNamed() {
    Random random = new Random(4);
    for (int i = 0; i < 15; i++) {
      max(random, 1 + i % 3, FLOAT32, Lie.CONTIGUOUS, 0);
    }
  }

  @Test
  void windowsOfNothingButMinusInfinity() {
    MaxPool op =
        new MaxPool(List.of(2, 3), List.of(2, 2), List.of(1, 1), List.of(1, 1), Rounding.CEIL);
    double none = Double.NEGATIVE_INFINITY;
    Check.kernel(op, 1, new Given(Shape.of(1, 2, 5, 6), FLOAT32, Lie.CONTIGUOUS, none, none));
  }

  @Test
  void avgOverOneToThreeAxes() {
    Random random = new Random(5);
    Divisor[] divisors = {
      Divisor.Counted.WITH_PADDING, Divisor.Counted.WITHOUT_PADDING, new Divisor.Fixed(5)
    };
    Lie[] lies = {Lie.CONTIGUOUS, Lie.CONTIGUOUS, Lie.STEPPED, Lie.CHANNELS_LAST, Lie.TRANSPOSED};
    for (int i = 0; i < 45; i++) {
      avg(random, 1 + i % 3, i % 7 == 0 ? BFLOAT16 : FLOAT32, lies[i % 5], divisors[i / 3 % 3]);
    }
  }

  @Test
  void largeImages() {
    MaxPool max =
        new MaxPool(List.of(3, 3), List.of(2, 2), List.of(1, 1), List.of(1, 1), Rounding.FLOOR);
    Check.kernel(max, 1, Given.of(FLOAT32, 3, 5, 61, 70));
    AvgPool avg =
        new AvgPool(
            List.of(2, 2),
            List.of(2, 2),
            List.of(0, 0),
            Rounding.FLOOR,
            Divisor.Counted.WITH_PADDING);
    Check.kernel(avg, 2, Given.of(FLOAT32, 3, 5, 61, 70));
  }
}
