package dev.proteus.backend.cpu.fast;

import dev.proteus.backend.cpu.vector.Scratch;
import dev.proteus.backend.cpu.vector.Tiles;
import org.jspecify.annotations.Nullable;

/// What one thread needs while it computes products: packed operands and sums of tiles.
///
/// An operand that stays the same from one block to the next is not packed again.
///
/// @param <B> `float[]` or `double[]`
final class Workspace<B> implements AutoCloseable {
  /// Packed elements up to which the whole length of an operand's block is kept.
  private static final int KEPT = 1 << 20;

  private final Tiles<B> tiles;
  private final Scratch scratch;
  private final Side<B> left;
  private final Side<B> right;
  private @Nullable B sums;
  private int sumsLength;

  Workspace(Tiles<B> tiles, Scratch scratch) {
    this.tiles = tiles;
    this.scratch = scratch;
    this.left = new Side<>(tiles, scratch);
    this.right = new Side<>(tiles, scratch);
  }

  Tiles<B> tiles() {
    return tiles;
  }

  Side<B> left() {
    return left;
  }

  Side<B> right() {
    return right;
  }

  /// An array for so many sums.
  B sums(int length) {
    B kept = sums;
    if (kept != null && length <= sumsLength) {
      return kept;
    }
    if (kept != null) {
      tiles.give(scratch, kept);
    }
    B grown = tiles.take(scratch, length);
    sums = grown;
    sumsLength = length;
    return grown;
  }

  @Override
  public void close() {
    left.close();
    right.close();
    B kept = sums;
    if (kept != null) {
      tiles.give(scratch, kept);
    }
    sums = null;
  }

  /// One packed operand.
  ///
  /// @param <B> `float[]` or `double[]`
  static final class Side<B> {
    private final Tiles<B> tiles;
    private final Scratch scratch;
    private @Nullable B array;
    private int length;
    private int slot;
    private Product.@Nullable Source<B> source;
    private long first;

    private Side(Tiles<B> tiles, Scratch scratch) {
      this.tiles = tiles;
      this.scratch = scratch;
    }

    /// Makes room for a block that starts at row or column `at`, in `depths` parts of `size`
    /// elements; says whether it must be packed.
    boolean open(Product.Source<B> from, long at, int depths, int size) {
      boolean keeps = (long) depths * size <= KEPT;
      if (keeps && from.equals(source) && at == first) {
        return false;
      }
      source = keeps ? from : null;
      first = at;
      slot = keeps ? size : 0;
      grow(keeps ? depths * size : size);
      return true;
    }

    private void grow(int wanted) {
      B kept = array;
      if (kept != null && wanted <= length) {
        return;
      }
      if (kept != null) {
        tiles.give(scratch, kept);
      }
      array = tiles.take(scratch, wanted);
      length = wanted;
    }

    /// Where part `p` lies in [#array()].
    int at(int p) {
      return p * slot;
    }

    B array() {
      B opened = array;
      if (opened == null) {
        throw new IllegalStateException("no block has been opened");
      }
      return opened;
    }

    private void close() {
      B kept = array;
      if (kept != null) {
        tiles.give(scratch, kept);
      }
      array = null;
      source = null;
    }
  }
}
