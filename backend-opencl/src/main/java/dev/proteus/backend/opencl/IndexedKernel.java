package dev.proteus.backend.opencl;

import dev.proteus.codegen.IndexedSource;
import dev.proteus.error.TensorIndexException;
import dev.proteus.error.UnsupportedOperatorException;
import dev.proteus.spi.Operand;
import dev.proteus.spi.Space;
import dev.proteus.type.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.OptionalLong;

/// What kernels that work with indices have in common.
final class IndexedKernel {
  private IndexedKernel() {}

  /// The words of a launch: own ones, then sizes, then strides of each operand.
  static long[] words(Space space, int operands, long... own) {
    int rank = space.sizes().length;
    if (rank > IndexedSource.MAX_RANK) {
      throw new UnsupportedOperatorException(
          "opencl: operands of an indexed operator have %s axes that cannot be merged; at most %s"
              .formatted(rank, IndexedSource.MAX_RANK));
    }
    long[] words = new long[IndexedSource.WORDS];
    words[0] = space.numel();
    words[1] = rank;
    System.arraycopy(own, 0, words, 2, own.length);
    System.arraycopy(space.sizes(), 0, words, IndexedSource.SIZES, rank);
    for (int k = 0; k < operands; k++) {
      int at = IndexedSource.SIZES + (k + 1) * IndexedSource.MAX_RANK;
      System.arraycopy(space.strides(k), 0, words, at, rank);
    }
    return words;
  }

  /// Checks all indices before anything is read or written.
  ///
  /// @throws TensorIndexException naming one that lies outside
  static void check(
      OpenClBackend backend, String operator, int axis, Shape indexed, Operand index) {
    check(backend, operator, axis, indexed, index, OptionalLong.empty());
  }

  /// Checks all indices but those that are ignored before anything is read or written.
  ///
  /// @throws TensorIndexException naming one that lies outside
  static void check(
      OpenClBackend backend,
      String operator,
      int axis,
      Shape indexed,
      Operand index,
      OptionalLong ignored) {
    if (index.layout().numel() == 0) {
      return;
    }
    Space space =
        Space.of(
            index.shape(), new long[][] {index.layout().strides()}, Space.order(index.layout()));
    long limit = indexed.rank() == 0 ? 1 : indexed.size(axis);
    Programs programs = backend.programs();
    int noted =
        programs.launchChecked(
            programs.entry(new IndexedSource.Check(), s -> s.named("check")),
            List.of(OpenClStorage.buffer(index)),
            words(
                space,
                1,
                index.layout().offset(),
                limit,
                ignored.isPresent() ? 1 : 0,
                ignored.orElse(0)),
            space.numel());
    if (noted == KernelErrors.INDEX_OUT_OF_RANGE) {
      throw TensorIndexException.outside(
          operator, first(backend, index, limit, ignored), axis, limit);
    }
  }

  /// The first index outside, in no particular order of elements.
  private static long first(
      OpenClBackend backend, Operand index, long limit, OptionalLong ignored) {
    MemorySegment all =
        MemorySegment.ofArray(new long[(int) (index.storage().bytes() / Long.BYTES)]);
    backend.copyToHost(index.storage(), 0, all);
    long[] sizes = index.shape().toArray();
    long[] strides = index.layout().strides();
    for (long e = 0; e < index.layout().numel(); e++) {
      long place = index.layout().offset();
      long rest = e;
      for (int axis = sizes.length - 1; axis >= 0; axis--) {
        place += rest % sizes[axis] * strides[axis];
        rest /= sizes[axis];
      }
      long value = all.getAtIndex(ValueLayout.JAVA_LONG, place);
      boolean counts = ignored.isEmpty() || value != ignored.getAsLong();
      if (counts && (value < 0 || value >= limit)) {
        return value;
      }
    }
    throw new IllegalStateException("opencl: an index that was outside is inside now");
  }
}
