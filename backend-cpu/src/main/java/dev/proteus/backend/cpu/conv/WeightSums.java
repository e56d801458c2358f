package dev.proteus.backend.cpu.conv;

import dev.proteus.backend.cpu.CpuBackend;
import dev.proteus.backend.cpu.memory.Volume;
import dev.proteus.backend.cpu.product.Team;
import dev.proteus.backend.cpu.product.Workspace;
import dev.proteus.backend.cpu.vector.NativeMatrix;
import dev.proteus.backend.cpu.vector.Tiles;
import java.util.List;

/// The gradient of a convolution for its weights: for each channel and tap, what the tap read times
/// the gradients of all filters, summed over the places of all images.
///
/// A task sums some channels over some of the images; how images are shared out depends on the
/// sizes alone, so that the sums do not depend on the number of threads.
///
/// @param <B> `float[]` or `double[]`
final class WeightSums<B> {
  /// Channels times taps of a task, about: enough to pay for packing the gradients.
  private static final int ROWS = 576;

  /// Rows that are packed at a time.
  private static final int PACKED = 128;

  private static final int TASKS = 16;

  /// Elements of all partial sums, about.
  private static final long SUMS = 1 << 22;

  private final CpuBackend backend;
  private final Tiles<B> tiles;
  private final ConvShape shape;
  private final List<AxisPlan> axes;
  private final Volume x;
  private final Volume g;
  private final Volume out;
  private final int channels;
  private final int parts;
  private final int chunks;
  private final Bands bands;
  private final Planes planes;
  private final int[] offsets;
  private final int[] counts;

  WeightSums(CpuBackend backend, Tiles<B> tiles, ConvShape shape, Volume x, Volume g, Volume out) {
    this.backend = backend;
    this.tiles = tiles;
    this.shape = shape;
    this.x = x;
    this.g = g;
    this.out = out;
    this.axes = shape.axes().stream().map(AxisPlan::forward).toList();
    this.channels = Math.clamp(ROWS / shape.taps(), 1, Math.max(1, shape.channels()));
    this.parts = Math.ceilDiv(shape.channels(), channels);
    long all = (long) shape.groups() * shape.channels() * shape.taps() * pitch();
    long most = Math.clamp(SUMS / Math.max(1, all), 1, TASKS);
    long wanted = Math.ceilDiv(TASKS, Math.max(1, (long) shape.groups() * parts));
    this.chunks = Math.clamp(Math.min(most, wanted), 1, Math.max(1, shape.images()));
    this.bands = Bands.choose(axes, channels, 1, 1);
    this.planes = bands.planes(axes);
    this.offsets = offsets();
    this.counts = axes.stream().mapToInt(AxisPlan::count).toArray();
  }

  private int pitch() {
    return Math.ceilDiv(shape.filters(), tiles.columns()) * tiles.columns();
  }

  private int rows() {
    return Math.ceilDiv(channels * shape.taps(), tiles.rows()) * tiles.rows();
  }

  private int[] offsets() {
    int[] taps =
        planes.offsets(
            axes.get(0).parts().getFirst(),
            axes.get(1).parts().getFirst(),
            axes.get(2).parts().getFirst());
    int[] all = new int[channels * taps.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = i / taps.length * planes.channel() + taps[i % taps.length];
    }
    return all;
  }

  /// Computes all gradients.
  void run() {
    int size = rows() * pitch();
    long slots = (long) shape.groups() * parts;
    B sums = tiles.take(backend.scratch(), Math.toIntExact(slots * chunks * size));
    Team.run(
        backend,
        tiles,
        slots * chunks,
        1,
        (work, from, to) -> {
          for (long task = from; task < to; task++) {
            long slot = task / chunks;
            sum(work, slot, (int) (task % chunks), sums, (int) task * size);
          }
        });
    backend.threads().forRange(slots, 1, (from, to) -> gather(from, to, sums, size));
    tiles.give(backend.scratch(), sums);
  }

  private int channelsOf(int part) {
    return Math.min(channels, shape.channels() - part * channels);
  }

  /// Sums some channels of a group over some of the images.
  private void sum(Workspace<B> work, long slot, int chunk, B sums, int at) {
    tiles.fill(sums, at, rows() * pitch(), 0);
    int group = (int) (slot / parts);
    int part = (int) (slot % parts);
    int count = channelsOf(part);
    B values = work.planes(count * planes.channel() + Tiles.SLACK);
    int from = (int) ((long) shape.images() * chunk / chunks);
    int to = (int) ((long) shape.images() * (chunk + 1) / chunks);
    for (int image = from; image < to; image++) {
      for (int band = 0; band < bands.count(); band++) {
        int d = bands.first(band, 0);
        int h = bands.first(band, 1);
        int w = bands.first(band, 2);
        Volume channel = x.from(image, (long) group * shape.channels() + (long) part * channels);
        planes.fill(tiles, channel, count, d, h, w, values, 0);
        Volume gradient = g.from(image, (long) group * shape.filters());
        add(work, values, gradient, band, count * shape.taps(), sums, at);
      }
    }
  }

  /// Adds what a band gives. Places are numbered as in the planes; between rows of places,
  /// gradients are 0.
  private void add(
      Workspace<B> work, B values, Volume gradient, int band, int rows, B sums, int at) {
    int places = planes.place(count(band, 0) - 1, count(band, 1) - 1, count(band, 2));
    B gradients = work.gradients(pitch() * places);
    pack(gradient, band, places, gradients);
    B a = work.rows(PACKED * tiles.pitch() + Tiles.SLACK);
    for (int place = 0; place < places; place += tiles.depth()) {
      int depth = Math.min(tiles.depth(), places - place);
      for (int row = 0; row < rows; row += PACKED) {
        int height = Math.min(PACKED, rows - row);
        tiles.copyRows(values, place, offsets, row, height, depth, a, 0, tiles.pitch());
        for (int column = 0; column < pitch(); column += tiles.columns()) {
          int panel = column * places + place * tiles.columns();
          for (int i = 0; i < height; i += tiles.rows()) {
            int tile = at + (row + i) * pitch() + column;
            tiles.multiply(depth, a, i * tiles.pitch(), gradients, panel, sums, tile, pitch());
          }
        }
      }
    }
  }

  private int count(int band, int axis) {
    return bands.places(band, axis, counts[axis]);
  }

  /// Packs the gradients of a band, places by filters, in panels.
  private void pack(Volume gradient, int band, int places, B to) {
    tiles.fill(to, 0, pitch() * places, 0);
    for (int column = 0; column < shape.filters(); column += tiles.columns()) {
      int width = Math.min(tiles.columns(), shape.filters() - column);
      for (int d = 0; d < count(band, 0); d++) {
        for (int h = 0; h < count(band, 1); h++) {
          NativeMatrix row =
              gradient.at(
                  column,
                  bands.first(band, 0) + d,
                  bands.first(band, 1) + h,
                  bands.first(band, 2),
                  gradient.column(),
                  gradient.channel());
          int at = column * places + planes.place(d, h, 0) * tiles.columns();
          tiles.load(row, 0, 0, count(band, 2), width, to, at, tiles.columns());
        }
      }
    }
  }

  /// Adds up the chunks of some slots and writes them out.
  private void gather(long from, long to, B sums, int size) {
    for (long slot = from; slot < to; slot++) {
      int first = (int) (slot * chunks) * size;
      for (int chunk = 1; chunk < chunks; chunk++) {
        tiles.add(sums, first + chunk * size, sums, first, size);
      }
      int part = (int) (slot % parts);
      long filter = slot / parts * shape.filters();
      Volume weights = out.from(filter, (long) part * channels);
      int rows = channelsOf(part) * shape.taps();
      if (isDense(out)) {
        NativeMatrix turned = weights.at(0, 0, 0, 0, 1, out.image());
        tiles.store(sums, first, pitch(), rows, shape.filters(), turned, 0, 0);
      } else {
        store(weights, sums, first, rows);
      }
    }
  }

  /// Whether channels and taps follow each other in memory.
  private boolean isDense(Volume weights) {
    int width = shape.axes().get(2).kernel();
    int height = shape.axes().get(1).kernel();
    return (width == 1 || weights.column() == 1)
        && (height == 1 || weights.row() == width)
        && (shape.axes().get(0).kernel() == 1 || weights.depth() == (long) height * width)
        && weights.channel() == shape.taps();
  }

  private void store(Volume weights, B sums, int at, int rows) {
    int height = shape.axes().get(1).kernel();
    int width = shape.axes().get(2).kernel();
    for (int i = 0; i < rows; i++) {
      int tap = i % shape.taps();
      NativeMatrix row =
          weights.at(
              i / shape.taps(),
              tap / width / height,
              tap / width % height,
              tap % width,
              0,
              weights.image());
      tiles.store(sums, at + i * pitch(), pitch(), 1, shape.filters(), row, 0, 0);
    }
  }
}
