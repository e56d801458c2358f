package dev.proteus.backend.cpu.conv;

import dev.proteus.backend.cpu.CpuBackend;
import dev.proteus.backend.cpu.conv.Spans.Place;
import dev.proteus.backend.cpu.memory.Volume;
import dev.proteus.backend.cpu.product.Product;
import dev.proteus.backend.cpu.product.Team;
import dev.proteus.backend.cpu.product.Workspace;
import dev.proteus.backend.cpu.vector.NativeMatrix;
import dev.proteus.backend.cpu.vector.Tiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Windows of images times weights, as products of matrices: what a convolution and its gradient
/// for x have in common.
///
/// A task is a band of an image: it copies its planes, then multiplies weights by what their taps
/// read there, in place (Georganas and others, "Anatomy of high-performance deep learning
/// convolutions", 2018).
///
/// @param <B> `float[]` or `double[]`
final class Correlation<B> {
  private static final int ROWS = 128;

  /// Panels whose sums stay in the second-level cache, with those of [#ROWS] filters.
  private static final int PANELS = 16;

  /// Tiles on top of each other up to which a panel is read in place: packing it would cost more
  /// than it saves.
  private static final int FEW = 3;

  private static final double WORTHWHILE = 1 << 17;

  private final Tiles<B> tiles;
  private final Sizes sizes;
  private final Volume x;
  private final Volume out;
  private final Optional<NativeMatrix> bias;
  private final List<AxisPlan> axes;
  private final Bands bands;
  private final Planes planes;
  private final List<Part<B>> parts;

  /// Images of a task: several where one has too few places to pay for the weights that pass by.
  private final int together;

  /// Filters of a task.
  private final int rows;

  /// What is counted in a convolution or its gradient.
  ///
  /// @param images number of images
  /// @param groups parts of the channels that do not see each other
  /// @param channels channels of x in a group
  /// @param filters channels of the result in a group
  record Sizes(int images, int groups, int channels, int filters) {}

  /// The weights of a part of the results.
  ///
  /// @param <B> `float[]` or `double[]`
  interface Weights<B> {
    /// Where channels and taps are in a row of weights.
    enum Order {
      CHANNELS_FIRST,
      TAPS_FIRST
    }

    Order order();

    /// The matrix `[filters, channels · taps]` of a group, for the given taps, which are numbered
    /// in the kernel.
    Product.Source<B> of(int group, List<Integer> taps);
  }

  /// @param bias what each filter's sums start from, as a column
  Correlation(
      CpuBackend backend,
      Tiles<B> tiles,
      Sizes sizes,
      List<AxisPlan> axes,
      Volume x,
      Weights<B> weights,
      Optional<NativeMatrix> bias,
      Volume out) {
    this.tiles = tiles;
    this.sizes = sizes;
    this.axes = axes;
    this.x = x;
    this.out = out;
    this.bias = bias;
    long tasks = (long) sizes.images * sizes.groups;
    int threads = backend.threads().count();
    this.bands = Bands.choose(axes, sizes.channels, tasks, threads);
    this.planes = bands.planes(axes);
    this.parts = parts(weights);
    this.together = together(threads);
    this.rows = rows((long) bundles() * sizes.groups * bands.count(), threads);
  }

  private int together(int threads) {
    long places = 1;
    for (int i = 0; i < 3; i++) {
      places *= axes.get(i).count();
    }
    if (bands.count() > 1 || places == 0) {
      return 1;
    }
    long wanted = (long) PANELS * tiles.columns() / places;
    long cached = Bands.CACHED / Math.max(1, size());
    long shared = Math.ceilDiv(sizes.images, threads == 1 ? 1 : 4L * threads);
    return (int) Math.max(1, Math.min(Math.min(wanted, cached), shared));
  }

  /// Filters of a task: as many as stay packed in the cache, or fewer where there are too few tasks
  /// for the threads.
  private int rows(long tasks, int threads) {
    long splits = threads == 1 ? 1 : Math.ceilDiv(2L * threads, Math.max(1, tasks));
    long height = Math.max(ROWS / 2, Math.ceilDiv(sizes.filters, splits));
    return roundUp((int) Math.min(Math.min(ROWS, height), sizes.filters));
  }

  private int roundUp(int height) {
    return Math.ceilDiv(height, tiles.rows()) * tiles.rows();
  }

  private List<Part<B>> parts(Weights<B> weights) {
    List<Part<B>> all = new ArrayList<>();
    for (AxisPlan.Part d : axes.get(0).parts()) {
      for (AxisPlan.Part h : axes.get(1).parts()) {
        for (AxisPlan.Part w : axes.get(2).parts()) {
          all.add(part(List.of(d, h, w), weights));
        }
      }
    }
    return all;
  }

  private Part<B> part(List<AxisPlan.Part> each, Weights<B> weights) {
    List<Integer> taps = new ArrayList<>();
    List<Integer> places = new ArrayList<>();
    for (AxisPlan.Read d : each.get(0).taps()) {
      for (AxisPlan.Read h : each.get(1).taps()) {
        for (AxisPlan.Read w : each.get(2).taps()) {
          taps.add((d.kernel() * kernel(1) + h.kernel()) * kernel(2) + w.kernel());
          places.add(planes.offset(d.tap(), h.tap(), w.tap()));
        }
      }
    }
    List<Product.Source<B>> matrices = new ArrayList<>();
    for (int group = 0; group < sizes.groups; group++) {
      matrices.add(weights.of(group, taps));
    }
    return new Part<>(each, matrices, offsets(places, weights.order()));
  }

  private int kernel(int axis) {
    return axes.get(axis).kernel();
  }

  private int[] offsets(List<Integer> places, Weights.Order order) {
    int[] offsets = new int[places.size() * sizes.channels];
    for (int c = 0; c < sizes.channels; c++) {
      for (int t = 0; t < places.size(); t++) {
        int at =
            switch (order) {
              case CHANNELS_FIRST -> c * places.size() + t;
              case TAPS_FIRST -> t * sizes.channels + c;
            };
        offsets[at] = c * planes.channel() + places.get(t);
      }
    }
    return offsets;
  }

  /// Computes all results.
  void run(CpuBackend backend) {
    double each = 0;
    for (Part<B> part : parts) {
      each += (double) together * part.places(bands, 0) * rows * part.offsets.length;
    }
    long grain = (long) Math.clamp(WORTHWHILE / Math.max(1, each), 1, 1 << 20);
    long tasks = (long) bundles() * sizes.groups * bands.count() * splits();
    Team.run(
        backend,
        tiles,
        tasks,
        grain,
        (work, from, to) -> {
          for (long task = from; task < to; task++) {
            run(work, task);
          }
        });
  }

  private int splits() {
    return Math.ceilDiv(sizes.filters, rows);
  }

  private int bundles() {
    return Math.ceilDiv(sizes.images, together);
  }

  /// Neighbouring tasks have the same weights, which stay packed.
  private void run(Workspace<B> work, long task) {
    int band = (int) (task % bands.count());
    long rest = task / bands.count();
    int image = (int) (rest % bundles()) * together;
    rest /= bundles();
    int group = (int) (rest % sizes.groups);
    int row = (int) (rest / sizes.groups) * rows;
    int images = Math.min(together, sizes.images - image);
    B values = work.planes(images * size() + Tiles.SLACK);
    for (int i = 0; i < images; i++) {
      Volume from = x.from(image + i, (long) group * sizes.channels);
      int[] first = {bands.first(band, 0), bands.first(band, 1), bands.first(band, 2)};
      planes.fill(tiles, from, sizes.channels, first[0], first[1], first[2], values, i * size());
    }
    Volume to = out.from(image, (long) group * sizes.filters);
    for (Part<B> part : parts) {
      multiply(
          work,
          values,
          part,
          part.spans(tiles, planes, size(), images, to, bands, band),
          group,
          row);
    }
  }

  private int size() {
    return sizes.channels * planes.channel();
  }

  private void multiply(
      Workspace<B> work, B values, Part<B> part, Spans spans, int group, int firstRow) {
    int height = Math.min(rows, sizes.filters - firstRow);
    for (int panel = 0; panel < spans.panels(); panel += PANELS) {
      int count = Math.min(PANELS, spans.panels() - panel);
      int pitch = count * tiles.columns();
      B sums = work.sums(roundUp(height) * pitch);
      start(sums, pitch, height, (long) group * sizes.filters + firstRow);
      add(work, values, part, spans, group, firstRow, height, panel, count, sums);
      spans.store(tiles, sums, pitch, panel, count, firstRow, height);
    }
  }

  private void start(B sums, int pitch, int height, long filter) {
    if (bias.isEmpty()) {
      tiles.fill(sums, 0, height * pitch, 0);
      return;
    }
    for (int row = 0; row < height; row++) {
      tiles.fill(sums, row * pitch, pitch, bias.get().get(filter + row, 0));
    }
  }

  private void add(
      Workspace<B> work,
      B values,
      Part<B> part,
      Spans spans,
      int group,
      int firstRow,
      int height,
      int panel,
      int count,
      B sums) {
    Product.Source<B> weights = part.weights.get(group);
    int length = part.offsets.length;
    int depths = Math.ceilDiv(length, tiles.depth());
    int packed = roundUp(height) * tiles.pitch();
    boolean pack = work.left().open(weights, firstRow, depths, packed, packed, true);
    for (int p = 0; p < depths; p++) {
      int from = p * tiles.depth();
      int depth = Math.min(tiles.depth(), length - from);
      int left = work.left().at(p, 0);
      B a = work.left().array();
      if (pack) {
        weights.copy(firstRow, from, height, depth, a, left, tiles.pitch());
      }
      for (int j = 0; j < count; j++) {
        int place = spans.start(panel + j);
        int to = j * tiles.columns();
        int pitch = count * tiles.columns();
        if (height > FEW * tiles.rows()) {
          B packedPanel = work.panel();
          tiles.copyPanel(depth, values, place, part.offsets, from, packedPanel, 0);
          for (int i = 0; i < height; i += tiles.rows()) {
            int row = left + i * tiles.pitch();
            tiles.multiply(depth, a, row, packedPanel, 0, sums, to + i * pitch, pitch);
          }
        } else {
          for (int i = 0; i < height; i += tiles.rows()) {
            int row = left + i * tiles.pitch();
            tiles.multiplyAt(
                depth, a, row, values, place, part.offsets, from, sums, to + i * pitch, pitch);
          }
        }
      }
    }
  }

  /// Places of results that read alike.
  ///
  /// @param <B> `float[]` or `double[]`
  private static final class Part<B> {
    private final List<AxisPlan.Part> axes;
    private final List<Product.Source<B>> weights;
    private final int[] offsets;

    Part(List<AxisPlan.Part> axes, List<Product.Source<B>> weights, int[] offsets) {
      this.axes = axes;
      this.weights = weights;
      this.offsets = offsets;
    }

    long places(Bands bands, int band) {
      long places = 1;
      for (int i = 0; i < 3; i++) {
        places *= count(bands, band, i);
      }
      return places;
    }

    /// The places of a band in some images.
    Spans spans(
        Tiles<B> tiles, Planes planes, int size, int images, Volume to, Bands bands, int band) {
      return new Spans(
          tiles.columns(),
          planes,
          size,
          images,
          to,
          new Place(first(bands, band, 0), first(bands, band, 1), first(bands, band, 2)),
          new Place(axes.get(0).step(), axes.get(1).step(), axes.get(2).step()),
          new Place(count(bands, band, 0), count(bands, band, 1), count(bands, band, 2)));
    }

    private int first(Bands bands, int band, int i) {
      return axes.get(i).first() + bands.first(band, i) * axes.get(i).step();
    }

    private int count(Bands bands, int band, int i) {
      return bands.places(band, i, axes.get(i).count());
    }
  }
}
