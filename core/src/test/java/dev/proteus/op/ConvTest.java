package dev.proteus.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.proteus.error.DTypeException;
import dev.proteus.error.ShapeException;
import dev.proteus.reference.OnReference;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Shape;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Convolution, its transpose and its gradients.
@ExtendWith(OnReference.class)
class ConvTest {
  private static final ConvOptions DEFAULT = ConvOptions.DEFAULT;

  private static Tensor filled(int seed, long... sizes) {
    return GradientCheck.inFloat64(() -> Tensor.of(GradientCheck.values(seed, sizes), sizes));
  }

  /// The sum as it is written in textbooks, for one group of channels after the other.
  private static double[] loops(Tensor x, Tensor w, int stride, int pad, int dilation, int groups) {
    double[] in = x.toDoubleArray();
    double[] weight = w.toDoubleArray();
    int samples = (int) x.size(0);
    int height = (int) x.size(2);
    int width = (int) x.size(3);
    int channels = (int) w.size(1);
    int outputs = (int) w.size(0);
    int k = (int) w.size(2);
    int rows = (height + 2 * pad - dilation * (k - 1) - 1) / stride + 1;
    int columns = (width + 2 * pad - dilation * (k - 1) - 1) / stride + 1;
    double[] result = new double[samples * outputs * rows * columns];
    for (int at = 0; at < result.length; at++) {
      int column = at % columns;
      int row = at / columns % rows;
      int out = at / columns / rows % outputs;
      int sample = at / columns / rows / outputs;
      for (int element = 0; element < channels * k * k; element++) {
        int c = element / k / k + out / (outputs / groups) * channels;
        int i = row * stride - pad + element / k % k * dilation;
        int j = column * stride - pad + element % k * dilation;
        if (i >= 0 && i < height && j >= 0 && j < width) {
          int source = ((sample * channels * groups + c) * height + i) * width + j;
          result[at] += in[source] * weight[out * channels * k * k + element];
        }
      }
    }
    return result;
  }

  @ParameterizedTest
  @CsvSource({"1,0,1,1", "2,1,1,1", "1,2,2,2", "3,1,2,1", "2,2,1,4"})
  @DisplayName("5.1: convolution is the sum over windows and the group's channels")
  void values(int stride, int pad, int dilation, int groups) {
    Tensor x = filled(1, 2, 4, 6, 7);
    Tensor w = filled(2, 4, 4 / groups, 3, 3);
    ConvOptions options =
        DEFAULT.withStride(stride).withPadding(pad).withDilation(dilation).withGroups(groups);
    assertArrayEquals(
        loops(x, w, stride, pad, dilation, groups), x.conv2d(w, options).toDoubleArray(), 1e-12);
  }

  @Test
  @DisplayName("5.1: a sample without a batch, and a bias for each output")
  void unbatched() {
    Tensor x = filled(1, 2, 5);
    Tensor w = filled(2, 3, 2, 2);
    Tensor bias = Tensor.of(1, 2, 3).to(DType.FLOAT64);
    Tensor one = x.conv1d(w, bias, DEFAULT);
    assertEquals(Shape.of(3, 4), one.shape());
    Tensor batch = x.unsqueeze(0).conv1d(w, DEFAULT).squeeze(0);
    assertArrayEquals(batch.add(bias.unsqueeze(1)).toDoubleArray(), one.toDoubleArray(), 1e-12);
  }

  @Test
  @DisplayName("5.1: same padding keeps sizes, more at the end, and needs stride 1")
  void same() {
    ConvOptions same = DEFAULT.withPadding(ConvOptions.Padding.Named.SAME);
    Tensor x = Tensor.of(1, 2, 3).to(DType.FLOAT64).reshape(1, 1, 3);
    Tensor w = Tensor.of(1, 10).to(DType.FLOAT64).reshape(1, 1, 2);
    assertArrayEquals(new double[] {21, 32, 3}, x.conv1d(w, same).toDoubleArray());
    assertThrows(IllegalArgumentException.class, () -> x.conv1d(w, same.withStride(2)));
  }

  @Test
  @DisplayName("5.1: channels, groups and kernels must fit")
  void errors() {
    Tensor x = filled(1, 1, 4, 5);
    assertThrows(ShapeException.class, () -> x.conv1d(filled(1, 2, 3, 2), DEFAULT));
    assertThrows(ShapeException.class, () -> x.conv1d(filled(1, 3, 2, 2), DEFAULT.withGroups(2)));
    assertThrows(ShapeException.class, () -> x.conv1d(filled(1, 2, 4, 6), DEFAULT));
    assertThrows(ShapeException.class, () -> x.conv3d(filled(1, 2, 4, 2, 2, 2), DEFAULT));
    assertThrows(
        IllegalArgumentException.class, () -> x.conv1d(filled(1, 2, 4, 2), DEFAULT.withStride(0)));
    assertThrows(
        DTypeException.class, () -> x.conv1d(filled(1, 2, 4, 2).to(DType.FLOAT32), DEFAULT));
  }

  @Test
  @DisplayName("5.1: transposed sizes, and output padding below stride or dilation")
  void transposedSizes() {
    ConvTransposeOptions options =
        ConvTransposeOptions.DEFAULT.withStride(3).withPadding(1).withOutputPadding(2);
    assertEquals(
        Shape.of(1, 2, 13),
        filled(1, 1, 4, 4).convTranspose1d(filled(2, 4, 2, 4), options).shape());
    assertThrows(
        IllegalArgumentException.class,
        () -> filled(1, 1, 4, 4).convTranspose1d(filled(2, 4, 2, 4), options.withOutputPadding(3)));
  }

  @Test
  void outputPaddingBeyondTheStrideKeepsWhatPaddingWouldCut() {
    Tensor x = Tensor.of(1, 2).to(DType.FLOAT64).reshape(1, 1, 2);
    Tensor w = Tensor.of(1, 10).to(DType.FLOAT64).reshape(1, 1, 2);
    ConvTransposeOptions whole = ConvTransposeOptions.DEFAULT.withDilation(3);
    assertArrayEquals(new double[] {1, 2, 0, 10, 20}, x.convTranspose1d(w, whole).toDoubleArray());
    assertArrayEquals(
        new double[] {2, 0, 10, 20, 0},
        x.convTranspose1d(w, whole.withPadding(1).withOutputPadding(2)).toDoubleArray());
  }

  @Test
  void gradients() {
    ConvOptions options = DEFAULT.withStride(2).withPadding(1).withGroups(2);
    new GradientCheck(x -> x.get(0).conv1d(x.get(1), x.get(2), options))
        .with(2, 4, 6)
        .with(4, 2, 3)
        .with(4)
        .check();
    new GradientCheck(x -> x.get(0).conv2d(x.get(1), DEFAULT.withDilation(2, 1).withPadding(1, 0)))
        .with(1, 2, 4, 3)
        .with(2, 2, 2, 2)
        .check();
    new GradientCheck(x -> x.get(0).conv3d(x.get(1), DEFAULT))
        .with(1, 1, 2, 3, 2)
        .with(2, 1, 2, 2, 1)
        .check();
  }

  @Test
  void gradientsOfTheTransposed() {
    ConvTransposeOptions options =
        ConvTransposeOptions.DEFAULT.withStride(2).withPadding(1).withOutputPadding(1);
    new GradientCheck(x -> x.get(0).convTranspose1d(x.get(1), x.get(2), options))
        .with(2, 2, 3)
        .with(2, 3, 3)
        .with(3)
        .check();
  }

  @Test
  void gradientsOfTheWeightsGradient() {
    List<Integer> one = List.of(1);
    ConvWeight op = new ConvWeight(List.of(2), one, one, 1, List.of(2));
    new GradientCheck(x -> x.get(0).call(op, x)).with(2, 2, 5).with(2, 3, 3).check();
  }
}
