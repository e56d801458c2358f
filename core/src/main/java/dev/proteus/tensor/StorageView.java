package dev.proteus.tensor;

import dev.proteus.error.AutogradException;
import dev.proteus.op.AsStrided;
import dev.proteus.type.Shape;
import java.util.Arrays;
import java.util.List;

/// Views of a whole storage, whatever part of it a tensor reads.
final class StorageView {
  private StorageView() {}

  /// The storage of `body` read with any strides (rule VW-6).
  static Tensor strided(TensorBody body, Shape shape, long[] strides, long offset) {
    if (body.payload() instanceof Payload.Wrapped<?> wrapped) {
      throw wrapped.kind().hasNoElements("asStrided", body.spec());
    }
    Tensor elements = elements(body).view(body.spec().dtype());
    AsStrided view = new AsStrided(shape, Arrays.stream(strides).boxed().toList(), offset);
    return elements.call(view, List.of(elements));
  }

  /// All elements of the storage in the order in which they lie. They are a view of the tensor that
  /// the storage was made for, so gradients and histories reach it.
  private static Tensor elements(TensorBody body) {
    TensorBody root = body.root();
    boolean requiresGrad = Recorder.requiresGrad(body);
    if (root.fillsStorage() && requiresGrad == Recorder.requiresGrad(root)) {
      return new Tensor(root).permute(root.layout().byStride()).flatten();
    }
    if (!requiresGrad) {
      return new Tensor(body.storage());
    }
    throw new AutogradException(
        "asStrided: the tensor "
            + body.spec()
            + " requires grad, but was detached from the one that its storage was made for; clone"
            + " it first, so that each element it may read has a gradient (rule VW-6)");
  }
}
