package dev.proteus.backend.cpu.product;

import dev.proteus.backend.cpu.vector.Scratch;
import dev.proteus.backend.cpu.vector.Tiles;
import org.jspecify.annotations.Nullable;

/// What one thread needs while it computes products: packed operands, sums, and room for an operand
/// in the making.
///
/// @param <B> `float[]` or `double[]`
public final class Workspace<B> implements Team.Kept {
  private final Tiles<B> tiles;
  private final Packed<B> left;
  private final Packed<B> right;
  private final Room<B> sums;
  private final Room<B> planes;
  private final Room<B> rows;
  private final Room<B> gradients;
  private final Room<B> panel;

  Workspace(Tiles<B> tiles, Scratch scratch) {
    this.tiles = tiles;
    this.left = new Packed<>(tiles, scratch);
    this.right = new Packed<>(tiles, scratch);
    this.sums = new Room<>(tiles, scratch);
    this.planes = new Room<>(tiles, scratch);
    this.rows = new Room<>(tiles, scratch);
    this.gradients = new Room<>(tiles, scratch);
    this.panel = new Room<>(tiles, scratch);
  }

  Tiles<B> tiles() {
    return tiles;
  }

  /// The left operand of a block.
  public Packed<B> left() {
    return left;
  }

  /// The right operand of a block.
  Packed<B> right() {
    return right;
  }

  /// An array for so many sums.
  public B sums(int length) {
    return sums.array(length);
  }

  /// An array for one packed panel of a right operand.
  public B panel() {
    return panel.array(Panels.size(tiles));
  }

  /// An array for so many elements of packed rows.
  public B rows(int length) {
    return rows.array(length);
  }

  /// An array for so many packed gradients.
  public B gradients(int length) {
    return gradients.array(length);
  }

  /// An array for so many elements of planes.
  public B planes(int length) {
    return planes.array(length);
  }

  @Override
  public void close() {
    left.close();
    right.close();
    sums.close();
    planes.close();
    rows.close();
    gradients.close();
    panel.close();
  }

  /// An array that grows when more is asked for.
  ///
  /// @param <B> `float[]` or `double[]`
  static final class Room<B> implements AutoCloseable {
    private final Tiles<B> tiles;
    private final Scratch scratch;
    private @Nullable B array;
    private int length;

    private Room(Tiles<B> tiles, Scratch scratch) {
      this.tiles = tiles;
      this.scratch = scratch;
    }

    /// An array of at least `wanted` elements; what it held is lost when it grows.
    B array(int wanted) {
      B kept = array;
      if (kept != null && wanted <= length) {
        return kept;
      }
      close();
      B grown = tiles.take(scratch, wanted);
      array = grown;
      length = wanted;
      return grown;
    }

    @Override
    public void close() {
      B kept = array;
      if (kept != null) {
        tiles.give(scratch, kept);
      }
      array = null;
    }
  }

  /// A packed operand of a block, which is not packed again where the next block has the same.
  ///
  /// @param <B> `float[]` or `double[]`
  public static final class Packed<B> implements AutoCloseable {
    /// Elements up to which an operand is kept in its whole length.
    private static final int KEPT = 1 << 20;

    private final Room<B> room;
    private Product.@Nullable Source<B> source;
    private long first;
    private int size;
    private boolean kept;

    private Packed(Tiles<B> tiles, Scratch scratch) {
      this.room = new Room<>(tiles, scratch);
    }

    /// Makes room for a block that starts at row or column `at`.
    ///
    /// @param depths parts that the operand's length is cut into
    /// @param whole elements of a part
    /// @param once elements of what is packed at a time if nothing is kept
    /// @param again whether later blocks need the same
    /// @return whether it must be packed; if not, it still lies there
    public boolean open(
        Product.Source<B> from, long at, int depths, int whole, int once, boolean again) {
      kept = again && (long) depths * whole <= KEPT;
      if (kept && from.equals(source) && at == first && whole == size) {
        return false;
      }
      source = kept ? from : null;
      first = at;
      size = whole;
      room.array((kept ? depths * whole : once) + Tiles.SLACK);
      return true;
    }

    /// Where something at `offset` of part `p` lies in [#array()].
    public int at(int p, int offset) {
      return kept ? p * size + offset : 0;
    }

    /// Where the operand is packed.
    public B array() {
      return room.array(0);
    }

    @Override
    public void close() {
      room.close();
      source = null;
    }
  }
}
