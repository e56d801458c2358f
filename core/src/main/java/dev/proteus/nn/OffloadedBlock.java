package dev.proteus.nn;

import dev.proteus.tensor.Buffer;
import dev.proteus.tensor.Replacement;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.Device;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// A block of an [Offload], and what its tensors hold while it is out.
final class OffloadedBlock {
  private final Layer layer;
  private final Map<Tensor, Tensor> homes = new LinkedHashMap<>();

  OffloadedBlock(String block, Layer layer, Offload.Source source) {
    this.layer = layer;
    layer.namedTensors().forEach((name, t) -> add(Paths.join(block, name), t, source));
  }

  /// The content is held by an alias, which nothing that happens to the tensor lets go.
  private void add(String path, Tensor tensor, Offload.Source source) {
    Tensor content = source.content(path);
    if (!content.shape().equals(tensor.shape()) || content.dtype() != tensor.dtype()) {
      throw new IllegalArgumentException(
          "offload: the source gives %s for '%s', which is %s; shape and type must be the same"
              .formatted(content.spec(), path, tensor.spec()));
    }
    homes.put(tensor, Scope.keep(content.detach()));
  }

  Layer layer() {
    return layer;
  }

  /// What the block takes on the device.
  long bytes() {
    return homes.values().stream().mapToLong(home -> home.spec().bytes()).sum();
  }

  /// Begins to copy the block's contents to `device`, on another thread.
  Visit fetch(Device device) {
    CompletableFuture<List<Tensor>> contents = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .name("proteus-offload")
        .start(() -> {
          try {
            contents.complete(copies(device));
          } catch (Throwable t) {
            contents.completeExceptionally(t);
          }
        });
    return new Visit(contents);
  }

  private List<Tensor> copies(Device device) {
    return Scope.noGrad(() ->
        Scope.memory(() -> {
          List<Tensor> copies = new ArrayList<>();
          homes.values().forEach(home -> copies.add(there(home, device)));
          return copies;
        }));
  }

  private static Tensor there(Tensor home, Device device) {
    return home.device().equals(device) ? home.detach() : home.to(device);
  }

  /// A stay of the block on the device.
  final class Visit {
    private final CompletableFuture<List<Tensor>> contents;

    private Visit(CompletableFuture<List<Tensor>> contents) {
      this.contents = contents;
    }

    /// Puts the contents in place when they are there.
    void arrive() {
      try {
        replace(contents.join());
      } catch (CompletionException e) {
        if (e.getCause() instanceof RuntimeException cause) {
          throw cause;
        }
        throw e;
      }
    }

    /// Puts the contents of the host back; those of the device are let go.
    void depart() {
      if (contents.isCompletedExceptionally()) {
        return;
      }
      homes.forEach((tensor, home) -> {
        if (tensor instanceof Buffer && !home.device().equals(tensor.device())) {
          writeBack(tensor, home);
        }
      });
      replace(homes.values().stream().map(Tensor::detach).toList());
    }

    /// Lets go of contents that will not be needed.
    void cancel() {
      contents.exceptionally(_ -> List.of()).join();
      if (!contents.isCompletedExceptionally()) {
        arrive();
        depart();
      }
    }

    private static void writeBack(Tensor buffer, Tensor home) {
      if (!buffer.isInference() && buffer.version() > 0) {
        Scope.noGrad(() -> Scope.memory(() -> home.copy_(buffer)));
      }
    }

    private void replace(List<Tensor> contents) {
      List<Replacement> replacements = new ArrayList<>();
      int i = 0;
      for (Tensor tensor : homes.keySet()) {
        replacements.add(new Replacement(tensor, contents.get(i++)));
      }
      Tensor.replaceAll(replacements);
    }
  }
}
