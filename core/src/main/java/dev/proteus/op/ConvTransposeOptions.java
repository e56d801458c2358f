package dev.proteus.op;

import dev.proteus.type.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// How a transposed convolution slides. Lists hold one number for all spatial axes, or one per
/// axis.
///
/// @param stride distance between windows in the result
/// @param padding elements cut off at both ends of the result
/// @param outputPadding elements added at the end of the result; less than stride or dilation
/// @param dilation distance between elements of a window
/// @param groups parts of the channels that do not see each other
public record ConvTransposeOptions(
    List<Integer> stride,
    List<Integer> padding,
    List<Integer> outputPadding,
    List<Integer> dilation,
    int groups) {
  /// Stride 1, no padding, no dilation, one group.
  public static final ConvTransposeOptions DEFAULT =
      new ConvTransposeOptions(List.of(1), List.of(0), List.of(0), List.of(1), 1);

  public ConvTransposeOptions {
    stride = List.copyOf(stride);
    padding = List.copyOf(padding);
    outputPadding = List.copyOf(outputPadding);
    dilation = List.copyOf(dilation);
  }

  public ConvTransposeOptions withStride(int... newStride) {
    return new ConvTransposeOptions(
        ConvOptions.list(newStride), padding, outputPadding, dilation, groups);
  }

  public ConvTransposeOptions withPadding(int... newPadding) {
    return new ConvTransposeOptions(
        stride, ConvOptions.list(newPadding), outputPadding, dilation, groups);
  }

  public ConvTransposeOptions withOutputPadding(int... newOutputPadding) {
    return new ConvTransposeOptions(
        stride, padding, ConvOptions.list(newOutputPadding), dilation, groups);
  }

  public ConvTransposeOptions withDilation(int... newDilation) {
    return new ConvTransposeOptions(
        stride, padding, outputPadding, ConvOptions.list(newDilation), groups);
  }

  public ConvTransposeOptions withGroups(int newGroups) {
    return new ConvTransposeOptions(stride, padding, outputPadding, dilation, newGroups);
  }

  /// These options with one number per axis.
  ConvTransposeOptions spread(int rank) {
    ConvTransposeOptions all =
        new ConvTransposeOptions(
            ConvOptions.spread("convTranspose stride", stride, rank),
            ConvOptions.spread("convTranspose padding", padding, rank),
            ConvOptions.spread("convTranspose outputPadding", outputPadding, rank),
            ConvOptions.spread("convTranspose dilation", dilation, rank),
            groups);
    for (int i = 0; i < rank; i++) {
      int limit = Math.max(all.stride.get(i), all.dilation.get(i));
      if (all.outputPadding.get(i) >= limit) {
        throw new IllegalArgumentException(
            "convTranspose: outputPadding %s must be less than stride %s or dilation %s"
                .formatted(outputPadding, stride, dilation));
      }
    }
    return all;
  }

  /// The operator for operands of these shapes.
  ConvTranspose convTranspose(Shape x, Shape w) {
    List<Long> output = new ArrayList<>();
    for (int i = 0; i < stride.size(); i++) {
      long extent = dilation.get(i) * (w.size(i + 2) - 1) + 1;
      long size = (x.size(i + 2) - 1) * stride.get(i) + extent - 2L * padding.get(i);
      output.add(size + outputPadding.get(i));
    }
    return new ConvTranspose(stride, padding, dilation, groups, output);
  }

  /// Whether there is room for a window in the output padding: then the result is the gradient of a
  /// convolution only before it is cut and padded.
  boolean exceedsStride() {
    return IntStream.range(0, stride.size()).anyMatch(i -> outputPadding.get(i) >= stride.get(i));
  }

  /// These options with nothing cut and nothing added.
  ConvTransposeOptions whole() {
    return withPadding(0).withOutputPadding(0).spread(stride.size());
  }

  /// What is to be added to a whole result before and after each axis, last axis first; negative
  /// where it is to be cut.
  long[] margin() {
    int rank = stride.size();
    long[] widths = new long[2 * rank];
    for (int i = 0; i < rank; i++) {
      int at = 2 * (rank - 1 - i);
      widths[at] = -(long) padding.get(i);
      widths[at + 1] = (long) outputPadding.get(i) - padding.get(i);
    }
    return widths;
  }
}
