package dev.proteus.backend.cpu.conv;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import dev.proteus.backend.cpu.CpuBackend;
import dev.proteus.backend.cpu.conv.ConvShape.Axis;
import dev.proteus.backend.cpu.memory.Volume;
import dev.proteus.backend.cpu.vector.InnerLoops;
import dev.proteus.backend.cpu.vector.NativeMatrix;
import dev.proteus.backend.cpu.vector.Tiles;
import dev.proteus.op.MaxPool;
import dev.proteus.op.MaxPoolBackward;
import dev.proteus.spi.Kernel;
import dev.proteus.spi.Operand;
import dev.proteus.type.DType;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// [MaxPool] tap by tap over the planes of a channel, and [MaxPoolBackward]. Float64 and integers
/// are left to the definitions.
public final class MaxPoolKernel {
  private static final Tiles<float[]> TILES = InnerLoops.CHOSEN.floats();

  private MaxPoolKernel() {}

  private static boolean accepts(TensorSpec x) {
    int spatial = x.rank() - 2;
    return spatial >= 1
        && spatial <= 3
        && x.dtype().isFloating()
        && x.dtype() != DType.FLOAT64
        && x.shape().slice(2, x.rank()).numel() < 1 << 26;
  }

  /// The kernel of [MaxPool] for such inputs, if there is one.
  public static Optional<Kernel> forward(CpuBackend backend, MaxPool op, List<TensorSpec> inputs) {
    TensorSpec x = inputs.getFirst();
    if (!accepts(x)) {
      return Optional.empty();
    }
    Shape out = op.infer(inputs).getFirst().shape();
    PoolShape pool =
        new PoolShape(
            x.shape().slice(2, x.rank()),
            out.slice(2, x.rank()),
            op.kernel(),
            op.stride(),
            op.padding(),
            op.dilation());
    return Optional.of((in, results) -> forward(backend, pool, in.getFirst(), results));
  }

  private static void forward(
      CpuBackend backend, PoolShape pool, Operand x, List<Operand> results) {
    Volume from = Volume.of(x);
    Volume values = Volume.of(results.get(0));
    Volume indices = Volume.of(results.get(1));
    Pools.forChannels(
        backend,
        x,
        (long) pool.span() * pool.taps(),
        (first, end) -> {
          float[] planes = backend.scratch().floats(pool.planes().channel() + Tiles.SLACK);
          float[] max = backend.scratch().floats(pool.span() + Tiles.SLACK);
          int[] which = new int[pool.span()];
          for (long i = first; i < end; i++) {
            Volume channel = Pools.channel(x, from, i);
            pool.planes().fill(TILES, channel, Double.NEGATIVE_INFINITY, planes);
            largest(pool, planes, max, which);
            storeValues(pool, max, Pools.channel(x, values, i));
            storeIndices(pool, which, Pools.channel(x, indices, i));
          }
          backend.scratch().give(planes);
          backend.scratch().give(max);
        });
  }

  /// The largest element of each window, and which tap it was: -1 where all are -inf.
  private static void largest(PoolShape pool, float[] planes, float[] max, int[] which) {
    Arrays.fill(max, 0, pool.span(), Float.NEGATIVE_INFINITY);
    Arrays.fill(which, -1);
    for (int tap = 0; tap < pool.taps(); tap++) {
      InnerLoops.CHOSEN.rows().keepMax(max, which, 0, planes, pool.offset(tap), pool.span(), tap);
    }
  }

  private static void storeValues(PoolShape pool, float[] max, Volume to) {
    int pitch = pool.planes().column().length();
    for (int d = 0; d < pool.windows(0); d++) {
      NativeMatrix slice = to.at(0, d, 0, 0, to.row(), to.column());
      int at = pool.planes().place(d, 0, 0);
      TILES.store(max, at, pitch, pool.windows(1), pool.windows(2), slice, 0, 0);
    }
  }

  private static void storeIndices(PoolShape pool, int[] which, Volume to) {
    Axis depth = pool.axes().get(0);
    Axis row = pool.axes().get(1);
    Axis column = pool.axes().get(2);
    for (int d = 0; d < depth.windows(); d++) {
      for (int h = 0; h < row.windows(); h++) {
        NativeMatrix line = to.at(0, d, h, 0, 0, to.column());
        long at = line.start();
        long step = line.columnStride() * Long.BYTES;
        int place = pool.planes().place(d, h, 0);
        long start = pool.element(d, h, 0);
        for (int w = 0; w < column.windows(); w++) {
          int tap = which[place + w];
          long index =
              tap < 0
                  ? first(pool, d, h, w)
                  : start + (long) w * column.stride() + pool.distance(tap);
          line.segment().set(JAVA_LONG_UNALIGNED, at + w * step, index);
        }
      }
    }
  }

  /// The first element of a window that is no padding.
  private static long first(PoolShape pool, int d, int h, int w) {
    return pool.element(d, h, w)
        + ((long) padded(pool.axes().get(0), d) * pool.axes().get(1).size()
                + padded(pool.axes().get(1), h))
            * pool.axes().get(2).size()
        + padded(pool.axes().get(2), w);
  }

  /// Distance to the first element of a window that is no padding.
  private static int padded(Axis axis, int window) {
    int before = axis.padding() - window * axis.stride();
    return Math.max(0, Math.ceilDiv(before, axis.dilation())) * axis.dilation();
  }

  /// The kernel of [MaxPoolBackward] for such inputs, if there is one.
  public static Optional<Kernel> backward(
      CpuBackend backend, MaxPoolBackward op, List<TensorSpec> inputs) {
    TensorSpec x = op.infer(inputs).getFirst();
    return accepts(x)
        ? Optional.of((in, out) -> backward(backend, in.get(0), in.get(1), out.getFirst()))
        : Optional.empty();
  }

  private static void backward(CpuBackend backend, Operand g, Operand index, Operand gx) {
    Shape windows = g.shape().slice(2, g.shape().rank());
    Shape spatial = gx.shape().slice(2, g.shape().rank());
    int size = Math.toIntExact(spatial.numel());
    Volume gradients = Volume.of(g);
    Volume indices = Volume.of(index);
    Volume results = Volume.of(gx);
    Pools.forChannels(
        backend,
        g,
        size + 4 * windows.numel(),
        (first, end) -> {
          float[] sums = backend.scratch().floats(size + Tiles.SLACK);
          float[] slice = backend.scratch().floats((int) windows.numel() + Tiles.SLACK);
          for (long i = first; i < end; i++) {
            Arrays.fill(sums, 0, size, 0);
            scatter(
                Pools.channel(g, gradients, i), Pools.channel(g, indices, i), windows, slice, sums);
            store(sums, Pools.channel(g, results, i), spatial);
          }
          backend.scratch().give(sums);
          backend.scratch().give(slice);
        });
  }

  private static int size(Shape spatial, int fromLast) {
    return spatial.rank() < fromLast ? 1 : Math.toIntExact(spatial.size(-fromLast));
  }

  private static void scatter(Volume g, Volume index, Shape windows, float[] slice, float[] sums) {
    int rows = size(windows, 2);
    int columns = size(windows, 1);
    for (int d = 0; d < size(windows, 3); d++) {
      NativeMatrix gradients = g.at(0, d, 0, 0, g.row(), g.column());
      NativeMatrix indices = index.at(0, d, 0, 0, index.row(), index.column());
      TILES.load(gradients, 0, 0, rows, columns, slice, 0, columns);
      for (int i = 0; i < rows * columns; i++) {
        long at = indices.at(i / columns, i % columns);
        sums[(int) indices.segment().get(JAVA_LONG_UNALIGNED, at)] += slice[i];
      }
    }
  }

  private static void store(float[] sums, Volume gx, Shape spatial) {
    int rows = size(spatial, 2);
    int columns = size(spatial, 1);
    for (int d = 0; d < size(spatial, 3); d++) {
      NativeMatrix slice = gx.at(0, d, 0, 0, gx.row(), gx.column());
      TILES.store(sums, d * rows * columns, columns, rows, columns, slice, 0, 0);
    }
  }
}
