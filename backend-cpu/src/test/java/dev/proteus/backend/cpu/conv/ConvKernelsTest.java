package dev.proteus.backend.cpu.conv;

import static dev.proteus.type.DType.BFLOAT16;
import static dev.proteus.type.DType.FLOAT32;
import static dev.proteus.type.DType.FLOAT64;

import dev.proteus.backend.cpu.fast.Check;
import dev.proteus.backend.cpu.fast.Check.Given;
import dev.proteus.backend.cpu.fast.Check.Lie;
import dev.proteus.op.Conv;
import dev.proteus.op.ConvTranspose;
import dev.proteus.op.ConvWeight;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// [ConvKernel], [ConvTransposeKernel] and [ConvWeightKernel] against the definition, over sizes,
/// strides, paddings, dilations, groups and layouts.
final class ConvKernelsTest {
  /// One convolution, drawn at random.
  private record Case(Conv op, Shape x, Shape w) {
    static Case draw(Random random, int axes) {
      int groups = random.nextInt(3) == 0 ? 2 : 1;
      List<Integer> stride = numbers(random, axes, 1, 3);
      List<Integer> dilation = numbers(random, axes, 1, 2);
      List<Integer> padding = numbers(random, axes, 0, 2);
      List<Integer> kernel = numbers(random, axes, 1, 3);
      long[] x = new long[axes + 2];
      long[] w = new long[axes + 2];
      w[0] = (long) groups * random.nextInt(1, 11);
      w[1] = random.nextInt(1, 5);
      x[0] = random.nextInt(1, 3);
      x[1] = w[1] * groups;
      for (int i = 0; i < axes; i++) {
        w[i + 2] = kernel.get(i);
        int least = dilation.get(i) * (kernel.get(i) - 1) + 1 - 2 * padding.get(i);
        x[i + 2] = Math.max(1L, least) + random.nextInt(8);
      }
      return new Case(new Conv(stride, padding, dilation, groups), Shape.of(x), Shape.of(w));
    }

    private static List<Integer> numbers(Random random, int count, int least, int most) {
      List<Integer> numbers = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        numbers.add(least + random.nextInt(most - least + 1));
      }
      return numbers;
    }

    Shape result() {
      TensorSpec x32 = new TensorSpec(x, FLOAT32, Device.CPU);
      return op.infer(List.of(x32, x32.withShape(w))).getFirst().shape();
    }

    ConvTranspose gradient() {
      return new ConvTranspose(
          op.stride(), op.padding(), op.dilation(), op.groups(), x.slice(2, x.rank()).toList());
    }

    ConvWeight weightGradient() {
      List<Integer> kernel = w.slice(2, w.rank()).toList().stream().map(Math::toIntExact).toList();
      return new ConvWeight(op.stride(), op.padding(), op.dilation(), op.groups(), kernel);
    }
  }

  private static Given given(DType dtype, Shape shape, Lie lie) {
    return new Given(shape, dtype, lie, -1, 1);
  }

  private static void check(Case drawn, DType dtype, Lie lie, long seed) {
    Given w = given(dtype, drawn.w, lie);
    Given bias = Given.of(dtype, drawn.w.size(0));
    Given x = given(dtype, drawn.x, lie);
    if (seed % 2 == 0) {
      Check.kernel(drawn.op, seed, x, w, bias);
    } else {
      Check.kernel(drawn.op, seed, x, w);
    }
    Given g = given(dtype, drawn.result(), lie);
    Check.kernel(drawn.gradient(), seed, g, w);
    Check.kernel(drawn.weightGradient(), seed, x.from(-0.2, 0.2), g);
  }

  @Test
  void oneToThreeAxes() {
    Random random = new Random(7);
    for (int i = 0; i < 60; i++) {
      check(Case.draw(random, 1 + i % 3), FLOAT32, Lie.CONTIGUOUS, i);
    }
  }

  @Test
  void layouts() {
    Random random = new Random(8);
    Lie[] lies = {Lie.TRANSPOSED, Lie.STEPPED, Lie.CHANNELS_LAST, Lie.EXPANDED};
    for (int i = 0; i < 24; i++) {
      check(Case.draw(random, 1 + i % 3), FLOAT32, lies[i % 4], i);
    }
  }

  @Test
  void types() {
    Random random = new Random(9);
    for (int i = 0; i < 12; i++) {
      check(Case.draw(random, 2), i % 2 == 0 ? FLOAT64 : BFLOAT16, Lie.CONTIGUOUS, i);
    }
  }

  @Test
  void bandsAndBlocks() {
    Conv same = new Conv(List.of(1, 1), List.of(1, 1), List.of(1, 1), 1);
    check(new Case(same, Shape.of(1, 3, 70, 41), Shape.of(5, 3, 3, 3)), FLOAT32, Lie.CONTIGUOUS, 1);
    Conv half = new Conv(List.of(2, 2), List.of(1, 1), List.of(1, 1), 1);
    check(new Case(half, Shape.of(1, 2, 75, 66), Shape.of(4, 2, 3, 3)), FLOAT32, Lie.CONTIGUOUS, 2);
    check(
        new Case(same, Shape.of(1, 40, 6, 6), Shape.of(300, 40, 3, 3)), FLOAT32, Lie.CONTIGUOUS, 3);
    Conv line = new Conv(List.of(2), List.of(3), List.of(2), 1);
    check(new Case(line, Shape.of(1, 2, 3000), Shape.of(3, 2, 5)), FLOAT32, Lie.CONTIGUOUS, 4);
  }

  @Test
  void depthwise() {
    Conv op = new Conv(List.of(1, 1), List.of(1, 1), List.of(1, 1), 6);
    check(new Case(op, Shape.of(2, 6, 9, 20), Shape.of(6, 1, 3, 3)), FLOAT32, Lie.CONTIGUOUS, 5);
    check(new Case(op, Shape.of(2, 6, 9, 9), Shape.of(12, 1, 3, 3)), FLOAT32, Lie.CONTIGUOUS, 6);
    check(new Case(op, Shape.of(1, 6, 7, 9), Shape.of(6, 1, 2, 3)), FLOAT64, Lie.CONTIGUOUS, 7);
    Conv wide = new Conv(List.of(2, 3), List.of(2, 1), List.of(2, 1), 4);
    check(new Case(wide, Shape.of(2, 4, 19, 12), Shape.of(4, 1, 3, 2)), FLOAT32, Lie.CONTIGUOUS, 8);
  }

  @Test
  void noImages() {
    Conv op = new Conv(List.of(1), List.of(0), List.of(1), 1);
    check(new Case(op, Shape.of(0, 2, 5), Shape.of(3, 2, 2)), FLOAT32, Lie.CONTIGUOUS, 9);
  }
}
