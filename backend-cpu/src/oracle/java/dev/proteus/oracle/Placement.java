package dev.proteus.oracle;

import dev.proteus.tensor.Tensor;
import dev.proteus.type.Shape;
import java.util.Locale;
import java.util.stream.IntStream;

/// How an operand lies in its storage: a base that is row-major, and how the operand views it. Said
/// twice, as a view for Proteus and as strides for PyTorch, so that one checks the other.
enum Placement {
  /// Row-major.
  PLAIN {
    @Override
    boolean fits(Shape shape) {
      return true;
    }

    @Override
    Shape base(Shape shape) {
      return shape;
    }

    @Override
    Tensor view(Tensor base, Shape shape) {
      return base;
    }

    @Override
    Strides strides(Shape shape) {
      return new Strides(rowMajor(shape), 0);
    }
  },
  /// Column-major: the axes in the opposite order.
  TRANSPOSED {
    @Override
    boolean fits(Shape shape) {
      return shape.rank() > 1;
    }

    @Override
    Shape base(Shape shape) {
      return Shape.of(IntStream.of(reversed(shape)).mapToLong(shape::size).toArray());
    }

    @Override
    Tensor view(Tensor base, Shape shape) {
      return base.permute(reversed(shape));
    }

    @Override
    Strides strides(Shape shape) {
      long[] all = rowMajor(base(shape));
      return new Strides(IntStream.of(reversed(shape)).mapToLong(i -> all[i]).toArray(), 0);
    }
  },
  /// Every second element of the last axis.
  STRIDED {
    @Override
    boolean fits(Shape shape) {
      return shape.rank() > 0;
    }

    @Override
    Shape base(Shape shape) {
      return shape.with(-1, 2 * shape.size(-1) + 1);
    }

    @Override
    Tensor view(Tensor base, Shape shape) {
      return base.slice(-1, 1, 2 * shape.size(-1) + 1, 2);
    }

    @Override
    Strides strides(Shape shape) {
      long[] all = rowMajor(base(shape));
      all[all.length - 1] = 2;
      return new Strides(all, 1);
    }
  },
  /// Not at the start of the storage, nor to its end.
  OFFSET {
    @Override
    boolean fits(Shape shape) {
      return shape.rank() > 0;
    }

    @Override
    Shape base(Shape shape) {
      return shape.with(0, shape.size(0) + 2);
    }

    @Override
    Tensor view(Tensor base, Shape shape) {
      return base.narrow(0, 1, shape.size(0));
    }

    @Override
    Strides strides(Shape shape) {
      long[] all = rowMajor(base(shape));
      return new Strides(all, all[0]);
    }
  },
  /// The first axis repeats one element, with stride 0.
  EXPANDED {
    @Override
    boolean fits(Shape shape) {
      return shape.rank() > 0 && shape.numel() > 0;
    }

    @Override
    Shape base(Shape shape) {
      return shape.with(0, 1);
    }

    @Override
    Tensor view(Tensor base, Shape shape) {
      return base.expand(shape);
    }

    @Override
    Strides strides(Shape shape) {
      long[] all = rowMajor(base(shape));
      all[0] = 0;
      return new Strides(all, 0);
    }
  },
  /// The second axis last, as PyTorch keeps images.
  CHANNELSLAST {
    @Override
    boolean fits(Shape shape) {
      return shape.rank() > 3;
    }

    @Override
    Shape base(Shape shape) {
      int rank = shape.rank();
      return shape.slice(0, 1).concat(shape.slice(2, rank)).concat(shape.slice(1, 2));
    }

    @Override
    Tensor view(Tensor base, Shape shape) {
      return base.moveAxis(-1, 1);
    }

    @Override
    Strides strides(Shape shape) {
      long[] all = rowMajor(base(shape));
      int last = all.length - 1;
      long[] moved = new long[all.length];
      moved[0] = all[0];
      moved[1] = all[last];
      System.arraycopy(all, 1, moved, 2, last - 1);
      return new Strides(moved, 0);
    }
  };

  /// Distances between elements of the storage, and the first one's place.
  static final class Strides {
    private final long[] all;
    private final long offset;

    Strides(long[] all, long offset) {
      this.all = all;
      this.offset = offset;
    }

    long[] all() {
      return all.clone();
    }

    long offset() {
      return offset;
    }
  }

  /// Whether an operand of this shape can lie so.
  abstract boolean fits(Shape shape);

  /// The shape of the base.
  abstract Shape base(Shape shape);

  /// The operand as a view of its base.
  abstract Tensor view(Tensor base, Shape shape);

  /// The same view as PyTorch takes it.
  abstract Strides strides(Shape shape);

  private static int[] reversed(Shape shape) {
    return IntStream.range(0, shape.rank()).map(i -> shape.rank() - 1 - i).toArray();
  }

  private static long[] rowMajor(Shape shape) {
    long[] strides = new long[shape.rank()];
    long stride = 1;
    for (int i = strides.length - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= Math.max(1, shape.size(i));
    }
    return strides;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
