package dev.proteus.nn;

import dev.proteus.error.AutogradException;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.Device;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A chain of blocks that is larger than the device it runs on: each block's weights are swapped in
/// before it computes and out after it, and the next block's are fetched meanwhile (rule SW-63).
///
/// Parameters and buffers stay the tensors they are, under the paths they had, and between two
/// calls hold what their [Source] gives: their content on the host, or in a mapped file. For
/// inference: it runs without recording, one call at a time. What a block writes into its buffers
/// goes back to the source; writes into parameters while they are in are lost.
///
/// ```java
/// Layer model = Offload.wrap(new Sequential(blocks), 4L << 30);
/// Tensor y = Scope.inference(() -> model.forward(x));
/// ```
public final class Offload extends Layer {
  private final List<OffloadedBlock> blocks = new ArrayList<>();
  private final Device device;
  private final long budget;
  private final ReentrantLock running = new ReentrantLock();

  /// Where the content of a tensor is while its block is out.
  @FunctionalInterface
  public interface Source {
    /// The content of the tensor at `path`, of the tensor's shape and type. It must stay as it is;
    /// it is asked for once.
    Tensor content(String path);
  }

  private Offload(Sequential model, long budget, Device device, Source source) {
    this.budget = budget;
    this.device = device;
    model
        .children()
        .forEach((name, block) -> {
          OffloadedBlock offloaded = new OffloadedBlock(name, (Layer) block, source);
          if (offloaded.bytes() > budget) {
            throw new IllegalArgumentException(
                ("offload: block '%s' has %s bytes of parameters and buffers, the budget is %s;"
                        + " raise the budget or split the block")
                    .formatted(name, offloaded.bytes(), budget));
          }
          blocks.add(offloaded);
          module(name, offloaded.layer());
        });
  }

  /// The layers of `model`, whose weights stay where they are now and visit the default device to
  /// compute.
  ///
  /// @param budget bytes of weights that may be on the device at once
  /// @throws IllegalArgumentException if a block alone has more
  public static Offload wrap(Sequential model, long budget) {
    return wrap(model, budget, Scope.device(), path -> held(model, path));
  }

  /// The layers of `model`, which may be a skeleton on meta; their weights come from `source` and
  /// visit `device` to compute.
  ///
  /// @param budget bytes of weights that may be on the device at once
  /// @throws IllegalArgumentException if a block alone has more
  public static Offload wrap(Sequential model, long budget, Device device, Source source) {
    return new Offload(model, budget, device, source);
  }

  private static Tensor held(Module model, String path) {
    Tensor parameter = model.namedParameters().get(path);
    return parameter != null ? parameter : model.buffer(path);
  }

  /// @throws AutogradException where calls are recorded
  @Override
  protected Tensor compute(Tensor input) {
    if (Scope.grad() == Scope.Grad.ENABLED) {
      throw new AutogradException(
          "offload: a recorded call would keep weights on the device; run it in Scope.noGrad or"
              + " Scope.inference");
    }
    running.lock();
    try {
      return chain(input.to(device));
    } finally {
      running.unlock();
    }
  }

  private Tensor chain(Tensor input) {
    Tensor value = input;
    OffloadedBlock.@Nullable Visit visit =
        blocks.isEmpty() ? null : blocks.getFirst().fetch(device);
    for (int i = 0; i < blocks.size() && visit != null; i++) {
      OffloadedBlock.@Nullable Visit next = null;
      try {
        visit.arrive();
        next = fetchBeside(i);
        value = blocks.get(i).layer().forward(value);
      } catch (Throwable t) {
        if (next != null) {
          next.cancel();
        }
        throw t;
      } finally {
        visit.depart();
      }
      visit = next != null || i + 1 == blocks.size() ? next : blocks.get(i + 1).fetch(device);
    }
    return value;
  }

  /// Begins to fetch the block after this one, if both fit.
  private OffloadedBlock.@Nullable Visit fetchBeside(int i) {
    if (i + 1 == blocks.size() || blocks.get(i).bytes() + blocks.get(i + 1).bytes() > budget) {
      return null;
    }
    return blocks.get(i + 1).fetch(device);
  }

  @Override
  protected String details() {
    return "device=" + device + ", budget=" + budget;
  }
}
