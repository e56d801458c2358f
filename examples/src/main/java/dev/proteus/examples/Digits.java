package dev.proteus.examples;

import dev.proteus.tensor.Generator;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Images of digits and what they show, on the default device.
///
/// @param images float32 [count, 1, 28, 28], scaled to mean 0 and deviation 1 over MNIST
/// @param labels int64 [count]
record Digits(Tensor images, Tensor labels) {
  private static final double MEAN = 0.1307;
  private static final double DEVIATION = 0.3081;
  private static final int BUNDLED_TRAINING = 8_000;

  /// A set to learn from and one to be judged by.
  record Split(Digits training, Digits test) {
    /// The same with images of another floating type.
    Split to(DType dtype) {
      return new Split(training.to(dtype), test.to(dtype));
    }
  }

  /// Some images with their labels.
  record Batch(Tensor images, Tensor labels) {}

  /// The full set of a folder, or the bundled one.
  ///
  /// @throws UncheckedIOException if a file is missing or malformed, naming it
  static Split load(Optional<Path> folder) {
    try {
      return folder.isPresent() ? full(folder.get()) : bundled();
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  private Digits to(DType dtype) {
    return new Digits(images.to(dtype), labels);
  }

  /// The 10,000 bundled images, 8,000 to learn from and 2,000 to be judged by.
  private static Split bundled() {
    Idx images = resource("t10k-images-idx3-ubyte.gz");
    Idx labels = resource("t10k-labels-idx1-ubyte.gz");
    int all = images.size(0);
    return new Split(
        of(images, labels, 0, BUNDLED_TRAINING), of(images, labels, BUNDLED_TRAINING, all));
  }

  /// The four files of the full set in a folder, each compressed with gzip or not.
  ///
  /// @throws IOException if one is missing or malformed, naming it
  private static Split full(Path folder) throws IOException {
    return new Split(pair(folder, "train"), pair(folder, "t10k"));
  }

  private static Digits pair(Path folder, String prefix) throws IOException {
    Path imageFile = find(folder, prefix + "-images-idx3-ubyte");
    Idx images = Idx.read(imageFile);
    Idx labels = Idx.read(find(folder, prefix + "-labels-idx1-ubyte"));
    boolean fits =
        images.axes() == 3
            && images.size(1) == 28
            && images.size(2) == 28
            && labels.axes() == 1
            && labels.size(0) == images.size(0);
    if (!fits) {
      throw new IOException(imageFile + ": not 28×28 images with one label each");
    }
    return of(images, labels, 0, images.size(0));
  }

  private static Path find(Path folder, String name) throws IOException {
    for (String candidate : List.of(name, name + ".gz")) {
      if (Files.isRegularFile(folder.resolve(candidate))) {
        return folder.resolve(candidate);
      }
    }
    throw new IOException(folder.resolve(name) + "[.gz]: no such file");
  }

  private static Idx resource(String name) {
    try (InputStream in = Digits.class.getResourceAsStream("mnist/" + name)) {
      if (in == null) {
        throw new IllegalStateException("the bundled file mnist/" + name + " is missing");
      }
      return Idx.read(in, name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Digits of(Idx images, Idx labels, int from, int to) {
    int count = to - from;
    Tensor pixels =
        Tensor.ofBytes(
            MemorySegment.ofArray(images.slice(from, to)), Shape.of(count, 1, 28, 28), DType.UINT8);
    Tensor classes =
        Tensor.ofBytes(MemorySegment.ofArray(labels.slice(from, to)), Shape.of(count), DType.UINT8);
    Tensor scaled = pixels.to(DType.FLOAT32).div(255.0).sub(MEAN).div(DEVIATION);
    return new Digits(scaled, classes.to(DType.INT64));
  }

  /// Number of images.
  int count() {
    return (int) images.size(0);
  }

  /// The numbers of the images in an order that `seed` decides.
  Tensor shuffled(long seed) {
    return Scope.withGenerator(new Generator(seed), () -> Tensor.randperm(count()));
  }

  /// The images with the numbers `order[from]` to `order[to]`, exclusive.
  Batch batch(Tensor order, int from, int to) {
    Tensor picked = order.narrow(0, from, (long) to - from);
    return new Batch(images.indexSelect(0, picked), labels.indexSelect(0, picked));
  }

  /// The images from `from` to `to`, exclusive, in their own order.
  Batch slice(int from, int to) {
    long count = (long) to - from;
    return new Batch(images.narrow(0, from, count), labels.narrow(0, from, count));
  }
}
