package dev.proteus.tensor;

import dev.proteus.error.AutogradException;
import dev.proteus.type.TensorSpec;
import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/// A body kept in the form that hooks gave it (rule AG-43).
///
/// What a hook makes belongs to a frame of its own, which is emptied when the content is let go.
/// The storage of the body itself stays only if the other form reads it.
final class PackedTensor implements SavedTensor {
  private final TensorSpec spec;
  private final @Nullable Edge edge;
  private final Form<?> form;
  private final Frame frame;

  /// The body's storage, not kept alive, and the version it had: a form that reads it must not
  /// outlive a write (rule AG-21).
  private final WeakReference<Shared> source;

  private final int version;

  /// The other form and the way back.
  private record Form<P>(P packed, SavedTensorHooks<P> hooks) {
    static <P> Form<P> of(SavedTensorHooks<P> hooks, Tensor lent) {
      return new Form<>(hooks.pack().apply(lent), hooks);
    }

    boolean reads(Shared storage) {
      return packed instanceof Tensor tensor && tensor.body().shared() == storage;
    }

    Tensor unpack() {
      return hooks.unpack().apply(packed);
    }
  }

  private PackedTensor(TensorBody body, @Nullable Edge edge, Form<?> form, Frame frame) {
    this.spec = body.spec();
    this.edge = edge;
    this.form = form;
    this.frame = frame;
    this.source = new WeakReference<>(body.shared());
    this.version = body.shared().version();
  }

  static PackedTensor of(
      TensorBody body, @Nullable Edge edge, SavedTensorHooks<?> hooks, Scope scope) {
    Frame frame = Frame.inside(null);
    TensorBody lent = body.alias();
    frame.add(lent);
    int version = body.shared().version();
    try {
      Form<?> form =
          scope.withoutGrad().withFrame(frame).call(() -> Form.of(hooks, new Tensor(lent)));
      if (body.shared().version() != version) {
        throw new AutogradException(
            "savedTensorHooks: pack has written into the tensor "
                + body.spec()
                + " in place, which others read; it must make another one (rule AG-43)");
      }
      if (!form.reads(body.shared())) {
        lent.disown();
      }
      return new PackedTensor(body, edge, form, frame);
    } catch (Throwable t) {
      frame.releaseAll();
      throw t;
    }
  }

  @Override
  public Tensor unpack(String operator) {
    Tensor tensor = Scope.noGrad(form::unpack);
    if (!tensor.spec().equals(spec)) {
      throw new AutogradException(
          operator
              + ": unpack gave "
              + tensor.spec()
              + " for the saved tensor "
              + spec
              + "; it must give shape, type and device back (rule AG-43)");
    }
    Shared read = tensor.body().shared();
    if (read == source.get()) {
      KeptTensor.checkVersion(operator, spec, version, read);
    }
    TensorBody alias = Bodies.reading(tensor, TensorBody::alias);
    if (edge != null) {
      Recorder.connect(alias, edge);
    }
    return new Tensor(alias);
  }

  @Override
  public void free() {
    frame.releaseAll();
  }
}
