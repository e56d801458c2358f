package dev.proteus.backend.cpu.memory;

import dev.proteus.backend.cpu.vector.NativeMatrix;
import dev.proteus.spi.Operand;
import dev.proteus.type.DType;
import dev.proteus.type.Layout;
import java.lang.foreign.MemorySegment;

/// Images of up to three spatial axes in native memory, `[N, C, D, H, W]`; missing axes have size
/// 1.
///
/// @param segment where they lie
/// @param start byte of the first element
/// @param dtype element type
/// @param image elements from one image to the next
/// @param channel elements from one channel to the next
/// @param depth elements along D
/// @param row elements along H
/// @param column elements along W
public record Volume(
    MemorySegment segment,
    long start,
    DType dtype,
    long image,
    long channel,
    long depth,
    long row,
    long column) {

  /// An operand `[N, C, *S]` with one to three spatial axes.
  public static Volume of(Operand operand) {
    Layout layout = operand.layout();
    int rank = layout.rank();
    return new Volume(
        CpuStorage.segment(operand),
        CpuStorage.start(operand),
        operand.dtype(),
        layout.stride(0),
        layout.stride(1),
        rank > 4 ? layout.stride(-3) : 0,
        rank > 3 ? layout.stride(-2) : 0,
        layout.stride(-1));
  }

  /// These images from some image and channel on.
  public Volume from(long images, long channels) {
    long moved = start + (images * image + channels * channel) * dtype.bytes();
    return new Volume(segment, moved, dtype, image, channel, depth, row, column);
  }

  /// A matrix whose first element is at a place of the first image.
  public NativeMatrix at(long c, long d, long h, long w, long rowStride, long columnStride) {
    long at = start + (c * channel + d * depth + h * row + w * column) * dtype.bytes();
    return new NativeMatrix(segment, at, rowStride, columnStride, dtype);
  }
}
