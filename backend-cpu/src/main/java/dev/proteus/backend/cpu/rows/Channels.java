package dev.proteus.backend.cpu.rows;

import dev.proteus.backend.cpu.CpuBackend;
import dev.proteus.backend.cpu.memory.Volume;
import dev.proteus.backend.cpu.vector.InnerLoops;
import dev.proteus.backend.cpu.vector.NativeMatrix;
import dev.proteus.backend.cpu.vector.Tiles;
import dev.proteus.spi.Operand;
import dev.proteus.type.Shape;
import java.util.ArrayList;
import java.util.List;

/// Operands `[N, C, S]`, read channel by channel into float32 arrays, worked on there, and written
/// from there.
///
/// The elements of a channel come in pieces of some images; neighbouring channels are read together
/// where S is small.
final class Channels {
  /// Elements of a piece at most, about.
  private static final int PIECE = 1 << 15;

  private static final int TOGETHER = 16;

  private static final Tiles<float[]> TILES = InnerLoops.CHOSEN.floats();

  private final CpuBackend backend;
  private final List<Volume> inputs;
  private final List<Volume> outputs;
  private final int images;
  private final int channels;
  private final int size;
  private final int together;
  private final int imagesOfPiece;

  /// @param inputs operands `[N, C, S]` of one shape
  /// @param outputs results of that shape
  Channels(CpuBackend backend, List<Operand> inputs, List<Operand> outputs) {
    this.backend = backend;
    Shape shape = inputs.getFirst().shape();
    this.inputs = inputs.stream().map(Volume::of).toList();
    this.outputs = outputs.stream().map(Volume::of).toList();
    this.images = Math.toIntExact(shape.size(0));
    this.channels = Math.toIntExact(shape.size(1));
    this.size = Math.toIntExact(shape.size(2));
    this.together = size < TOGETHER ? Math.min(TOGETHER, Math.max(1, channels)) : 1;
    this.imagesOfPiece =
        Math.clamp(PIECE / Math.max(1, (long) size * together), 1, Math.max(1, images));
  }

  /// What is done with channels.
  interface Work {
    /// Changes a piece of a channel as soon as it is read.
    default void prepare(int channel, float[][] arrays, int at, int n) {}

    /// Looks at a piece of a channel: `n` elements at `at` of each array, one for each input.
    void look(int channel, float[][] arrays, int at, int n);

    /// Says that all pieces of a channel have been looked at.
    void decide(int channel);

    /// Changes a piece of a channel; what arrays of the first inputs hold then is written to the
    /// outputs.
    void change(int channel, float[][] arrays, int at, int n);
  }

  /// Elements of a channel.
  long elements() {
    return (long) images * size;
  }

  /// Works on all channels.
  void run(Work work) {
    long blocks = Math.ceilDiv(channels, together);
    long grain = Math.clamp((1 << 15) / Math.max(1, elements() * together), 1, 1 << 16);
    backend
        .threads()
        .forRange(
            blocks,
            grain,
            (from, to) -> {
              List<float[]> taken = new ArrayList<>();
              for (int i = 0; i < inputs.size(); i++) {
                taken.add(backend.scratch().floats(together * pitch() + Tiles.SLACK));
              }
              float[][] arrays = taken.toArray(float[][]::new);
              for (long block = from; block < to; block++) {
                run((int) block * together, arrays, work);
              }
              taken.forEach(backend.scratch()::give);
            });
  }

  private int pitch() {
    return imagesOfPiece * size;
  }

  private void run(int first, float[][] arrays, Work work) {
    int count = Math.min(together, channels - first);
    for (int image = 0; image < images; image += imagesOfPiece) {
      int n = load(first, count, image, arrays, work);
      for (int c = 0; c < count; c++) {
        work.look(first + c, arrays, c * pitch(), n);
      }
    }
    for (int c = 0; c < count; c++) {
      work.decide(first + c);
    }
    for (int image = 0; image < images; image += imagesOfPiece) {
      int n = imagesOfPiece < images ? load(first, count, image, arrays, work) : pitch();
      for (int c = 0; c < count; c++) {
        work.change(first + c, arrays, c * pitch(), n);
      }
      store(first, count, image, arrays);
    }
  }

  private int imagesFrom(int image) {
    return Math.min(imagesOfPiece, images - image);
  }

  /// A matrix whose rows are channels: of all of a piece's images where each has one element, else
  /// of one image.
  private NativeMatrix matrix(Volume volume, int channel, int image) {
    return volume
        .from(image, channel)
        .at(0, 0, 0, 0, volume.channel(), size == 1 ? volume.image() : volume.column());
  }

  private int load(int first, int count, int image, float[][] arrays, Work work) {
    int number = imagesFrom(image);
    for (int i = 0; i < arrays.length; i++) {
      if (size == 1) {
        TILES.load(matrix(inputs.get(i), first, image), 0, 0, count, number, arrays[i], 0, pitch());
      } else {
        for (int k = 0; k < number; k++) {
          NativeMatrix from = matrix(inputs.get(i), first, image + k);
          TILES.load(from, 0, 0, count, size, arrays[i], k * size, pitch());
        }
      }
    }
    for (int c = 0; c < count; c++) {
      work.prepare(first + c, arrays, c * pitch(), number * size);
    }
    return number * size;
  }

  private void store(int first, int count, int image, float[][] arrays) {
    int number = imagesFrom(image);
    for (int i = 0; i < outputs.size(); i++) {
      if (size == 1) {
        TILES.store(
            arrays[i], 0, pitch(), count, number, matrix(outputs.get(i), first, image), 0, 0);
      } else {
        for (int k = 0; k < number; k++) {
          NativeMatrix to = matrix(outputs.get(i), first, image + k);
          TILES.store(arrays[i], k * size, pitch(), count, size, to, 0, 0);
        }
      }
    }
  }
}
