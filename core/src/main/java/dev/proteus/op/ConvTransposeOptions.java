package dev.proteus.op;

import java.util.List;

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
}
