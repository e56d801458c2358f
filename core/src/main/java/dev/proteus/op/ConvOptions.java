package dev.proteus.op;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/// How a convolution slides. Lists hold one number for all spatial axes, or one per axis:
/// `ConvOptions.DEFAULT.withStride(2).withPadding(1, 2)`.
///
/// @param stride distance between windows
/// @param padding what is added around the input
/// @param dilation distance between elements of a window
/// @param groups parts of the channels that do not see each other
public record ConvOptions(
    List<Integer> stride, Padding padding, List<Integer> dilation, int groups) {
  /// Stride 1, no padding, no dilation, one group.
  public static final ConvOptions DEFAULT =
      new ConvOptions(List.of(1), Padding.Named.VALID, List.of(1), 1);

  /// What is added around the input.
  public sealed interface Padding {
    /// An amount that follows from the other options.
    enum Named implements Padding {
      /// Nothing.
      VALID,
      /// As much as keeps the spatial sizes; stride must be 1. Where it is odd, more at the end.
      SAME
    }

    /// Zeros at both ends.
    record Zeros(List<Integer> sizes) implements Padding {
      public Zeros {
        sizes = List.copyOf(sizes);
      }
    }
  }

  public ConvOptions {
    stride = List.copyOf(stride);
    dilation = List.copyOf(dilation);
  }

  public ConvOptions withStride(int... newStride) {
    return new ConvOptions(list(newStride), padding, dilation, groups);
  }

  /// These options with zeros at both ends.
  public ConvOptions withPadding(int... zeros) {
    return withPadding(new Padding.Zeros(list(zeros)));
  }

  public ConvOptions withPadding(Padding newPadding) {
    return new ConvOptions(stride, newPadding, dilation, groups);
  }

  public ConvOptions withDilation(int... newDilation) {
    return new ConvOptions(stride, padding, list(newDilation), groups);
  }

  public ConvOptions withGroups(int newGroups) {
    return new ConvOptions(stride, padding, dilation, newGroups);
  }

  /// The operator for this many spatial axes; same padding is left to the caller.
  Conv conv(int rank) {
    List<Integer> zeros =
        switch (padding) {
          case Padding.Zeros(List<Integer> sizes) -> spread("conv padding", sizes, rank);
          case Padding.Named _ -> Collections.nCopies(rank, 0);
        };
    return new Conv(
        spread("conv stride", stride, rank),
        zeros,
        spread("conv dilation", dilation, rank),
        groups);
  }

  static List<Integer> list(int... numbers) {
    return Arrays.stream(numbers).boxed().toList();
  }

  /// One number per axis.
  ///
  /// @throws IllegalArgumentException if there are neither one nor as many as axes
  static List<Integer> spread(String name, List<Integer> numbers, int rank) {
    if (numbers.size() == rank) {
      return numbers;
    }
    if (numbers.size() != 1) {
      throw new IllegalArgumentException(
          "%s: %s has %s numbers; expected 1 or %s".formatted(name, numbers, numbers.size(), rank));
    }
    return Collections.nCopies(rank, numbers.getFirst());
  }
}
