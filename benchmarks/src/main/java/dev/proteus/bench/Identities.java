package dev.proteus.bench;

import dev.proteus.nn.Layer;
import dev.proteus.nn.Linear;
import dev.proteus.nn.Sequential;
import dev.proteus.state.LoadOptions;
import dev.proteus.state.StateDict;
import dev.proteus.tensor.Kind;
import dev.proteus.tensor.Parts;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// What swaps, conversions and kinds cost by themselves: no peer has them.
final class Identities {
  /// A kind that adds nothing to the tensor it holds.
  private static final Kind<Tensor> THIN =
      Kind.<Tensor>named("Thin")
          .showing(Tensor::spec)
          .parts(t -> Parts.of("elem", t), p -> p.tensor("elem"))
          .on(dev.proteus.op.Linear.class, c -> c.input(0).linear(c.value(1)))
          .build();

  private Identities() {}

  static Map<String, Supplier<Runnable>> works() {
    return Map.of(
        "swap of two handles",
        () -> swapping(Tensor.ones(8), Tensor.ones(1024, 1024)),
        "to the same device and type, 1,000 parameters",
        Identities::converting,
        "map a file of 512 MiB and assign it",
        Identities::loading,
        "linear 8x8",
        () -> linear(Tensor.ones(8, 8)),
        "linear 8x8 of a kind",
        () -> linear(THIN.wrap(Tensor.ones(8, 8))));
  }

  private static Runnable swapping(Tensor a, Tensor b) {
    return () -> Tensor.swap(a, b);
  }

  private static Runnable converting() {
    List<Linear> layers = Stream.generate(() -> new Linear(4, 4)).limit(500).toList();
    Layer model = new Sequential(Collections.unmodifiableList(layers));
    Device here = layers.getFirst().weight().device();
    return () -> model.to(here, DType.FLOAT32);
  }

  /// Eight weights of 64 MiB, in a file that the system has read before.
  private static Runnable loading() {
    Layer model = Scope.on(Device.META, Identities::layers);
    Path file = temporary();
    Scope.memory(() -> layers().stateDict().save(file));
    return () -> model.load(StateDict.map(file), LoadOptions.DEFAULT.assign());
  }

  private static Layer layers() {
    List<Linear> layers = Stream.generate(() -> new Linear(4096, 4096)).limit(8).toList();
    return new Sequential(Collections.unmodifiableList(layers));
  }

  private static Path temporary() {
    try {
      Path file = Files.createTempFile("proteus", ".safetensors");
      file.toFile().deleteOnExit();
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Runnable linear(Tensor weight) {
    Tensor x = Tensor.ones(1, 8);
    return () -> Scope.noGrad(() -> Scope.memory(() -> x.linear(weight)));
  }
}
