package dev.proteus.backend.cpu.conv;

import dev.proteus.backend.cpu.CpuBackend;
import dev.proteus.backend.cpu.memory.CpuStorage;
import dev.proteus.backend.cpu.memory.Volume;
import dev.proteus.backend.cpu.product.Product;
import dev.proteus.backend.cpu.vector.NativeMatrix;
import dev.proteus.backend.cpu.vector.Tiles;
import dev.proteus.spi.Operand;
import dev.proteus.type.Layout;
import dev.proteus.type.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The weights `[O, C, *K]` of a convolution as matrices.
///
/// @param <B> `float[]` or `double[]`
final class ConvWeights<B> implements AutoCloseable {
  private static final int WORTHWHILE = 1 << 14;

  private final CpuBackend backend;
  private final Tiles<B> tiles;
  private final Volume w;
  private final ConvShape shape;
  private final Optional<NativeMatrix> flat;
  private final List<B> copies = new ArrayList<>();

  ConvWeights(CpuBackend backend, Tiles<B> tiles, Operand w, ConvShape shape) {
    this.backend = backend;
    this.tiles = tiles;
    this.w = Volume.of(w);
    this.shape = shape;
    Layout layout = w.layout();
    long row = layout.numel() / Math.max(1, layout.shape().size(0));
    this.flat =
        layout
            .reshape(Shape.of(layout.shape().size(0), row))
            .map(l ->
                new NativeMatrix(
                    CpuStorage.segment(w),
                    CpuStorage.start(w),
                    l.stride(0),
                    l.stride(1),
                    w.dtype()));
  }

  /// A row for each filter.
  Correlation.Weights<B> filters() {
    return flat.<Correlation.Weights<B>>map(this::inPlace)
        .orElseGet(() -> copied(shape.filters(), shape.channels(), w.image(), w.channel()));
  }

  /// A row for each channel of x.
  Correlation.Weights<B> channels() {
    return copied(shape.channels(), shape.filters(), w.channel(), w.image());
  }

  private Correlation.Weights<B> inPlace(NativeMatrix matrix) {
    return new Correlation.Weights<>() {
      @Override
      public Order order() {
        return Order.CHANNELS_FIRST;
      }

      @Override
      public Product.Source<B> of(int group, List<Integer> taps) {
        long rows = (long) group * shape.filters();
        return new Product.Stored<>(tiles, matrix.plus(rows * matrix.rowStride()));
      }
    };
  }

  private Correlation.Weights<B> copied(int rows, int columns, long rowStride, long columnStride) {
    return new Correlation.Weights<>() {
      @Override
      public Order order() {
        return Order.TAPS_FIRST;
      }

      @Override
      public Product.Source<B> of(int group, List<Integer> taps) {
        Volume filters = w.from((long) group * shape.filters(), 0);
        int pitch = taps.size() * columns;
        B copy = tiles.take(backend.scratch(), rows * pitch);
        copies.add(copy);
        long grain = Math.max(1, WORTHWHILE / Math.max(1, pitch));
        backend
            .threads()
            .forRange(
                rows,
                grain,
                (from, to) -> {
                  for (int t = 0; t < taps.size(); t++) {
                    NativeMatrix tap = tap(filters, taps.get(t), rowStride, columnStride);
                    int at = (int) from * pitch + t * columns;
                    tiles.load(tap, from, 0, (int) (to - from), columns, copy, at, pitch);
                  }
                });
        return new OnHeap<>(copy, pitch);
      }
    };
  }

  private NativeMatrix tap(Volume filters, int number, long rowStride, long columnStride) {
    int width = shape.axes().get(2).kernel();
    int height = shape.axes().get(1).kernel();
    int d = number / width / height;
    return filters.at(0, d, number / width % height, number % width, rowStride, columnStride);
  }

  @Override
  public void close() {
    copies.forEach(c -> tiles.give(backend.scratch(), c));
  }

  /// A matrix in an array.
  private record OnHeap<B>(B array, int pitch) implements Product.Source<B> {
    @Override
    public void copy(long row, long column, int rows, int columns, B to, int at, int toPitch) {
      for (int r = 0; r < rows; r++) {
        int from = (int) ((row + r) * pitch + column);
        System.arraycopy(array, from, to, at + r * toPitch, columns);
      }
    }
  }
}
