package dev.proteus.tensor;

import dev.proteus.error.NoDataException;
import dev.proteus.error.ReleasedException;
import dev.proteus.error.UnsupportedOperatorException;
import dev.proteus.op.View;
import dev.proteus.spi.Operand;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import dev.proteus.type.Layout;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The content of a tensor: what swap moves (rules D-2, SW-3 to SW-8). Nodes, views and saved
/// tensors refer to bodies, never to handles.
///
/// A body is owned once by the handle it was made for and once by each graph node that saved it; at
/// zero it lets go of its storage.
final class TensorBody {
  private static final VarHandle OWNERS;

  static {
    try {
      OWNERS = MethodHandles.lookup().findVarHandle(TensorBody.class, "owners", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /// Absent where the shape is not known yet, and there only.
  private final @Nullable TensorSpec spec;

  private final Payload payload;
  private final Shared shared;
  private final @Nullable TensorBody parent;
  private final @Nullable View view;

  /// What all views of one body hold on to, so that it can see whether one of them is in use still;
  /// null for what is no view.
  @SuppressWarnings("unused")
  private final @Nullable Object viewMark;

  /// The mark of this body's own views, if it has any that someone can reach.
  private volatile @Nullable WeakReference<Object> markOfViews;

  /// Guarded by the thread that records or writes in place, like the values themselves.
  private @Nullable Tape tape;

  private volatile int owners = 1;
  private volatile Ownership ownership = Ownership.HANDLE;

  /// Who answers for the handle's share of a body.
  private enum Ownership {
    /// A memory scope may take it back.
    HANDLE,
    /// It lives until forgotten: it is a parameter's, a gradient, an optimizer's state. Calls
    /// announce that they read it, so that it can be let go when it is replaced.
    KEPT,
    /// It changed hands while calls may have read it unannounced: only the collector may take it.
    ADRIFT,
    /// It was given up.
    GONE
  }

  private TensorBody(
      @Nullable TensorSpec spec,
      Payload payload,
      Shared shared,
      @Nullable TensorBody parent,
      @Nullable View view) {
    this.spec = spec;
    this.payload = payload;
    this.shared = shared;
    this.parent = parent;
    this.view = view;
    this.viewMark = parent == null ? null : parent.markForViews();
    shared.retain();
  }

  /// A body with a storage of its own.
  static TensorBody fresh(TensorSpec spec, Payload payload) {
    boolean inference = Scope.current().recording().isInference();
    return new TensorBody(spec, payload, Shared.of(payload, inference), null, null);
  }

  /// A body that knows its type and device and no shape (rule SD-60).
  static TensorBody uninitialized(DType dtype, Device device) {
    Payload payload = new Payload.Uninitialized(dtype, device);
    return new TensorBody(null, payload, Shared.of(payload, false), null, null);
  }

  /// A body that reads this one through `op`.
  TensorBody viewed(View op) {
    Payload seen = payload.withLayout(op.apply(payload.layout()));
    return new TensorBody(op.spec(spec(), seen.layout().shape()), seen, shared, this, op);
  }

  /// A body with the content of this, which a kind gave as what `op` reads of `operand`.
  TensorBody viewOf(TensorBody operand, View op) {
    return new TensorBody(spec, payload, shared, operand, op);
  }

  /// A body with the same content and version, outside any graph (rule AG-6).
  TensorBody alias() {
    return new TensorBody(spec, payload, shared, null, null);
  }

  private long storageElements() {
    return switch (payload) {
      case Payload.Dense(var storage, _) -> storage.bytes() / dtype().bytes();
      case Payload.Meta(var layout) -> layout.span();
      case Payload.Uninitialized uninitialized -> throw uninitialized.unknown();
      case Payload.Wrapped<?> _ -> spec().numel();
    };
  }

  /// Whether each element of the storage is one of this body; a kind has none of its own.
  boolean fillsStorage() {
    return !Kinds.isWrapped(this) && layout().isDense() && spec().numel() == storageElements();
  }

  /// A body that reads the whole storage, as elements of this type in one axis, outside any graph.
  TensorBody storage() {
    Shape shape = Shape.of(storageElements());
    return new TensorBody(
        spec().withShape(shape), payload.withLayout(Layout.contiguous(shape)), shared, null, null);
  }

  /// @throws IllegalStateException if this is uninitialized (rule SD-60)
  TensorSpec spec() {
    TensorSpec known = spec;
    if (known == null) {
      throw ((Payload.Uninitialized) payload).unknown();
    }
    return known;
  }

  /// The spec, and of what is uninitialized type and device with no elements.
  TensorSpec knownSpec() {
    return payload instanceof Payload.Uninitialized(var dtype, var device)
        ? new TensorSpec(Shape.of(0), dtype, device)
        : spec();
  }

  /// The element type, known also of what is uninitialized.
  DType dtype() {
    return payload instanceof Payload.Uninitialized(var dtype, _) ? dtype : spec().dtype();
  }

  /// The device, known also of what is uninitialized.
  Device device() {
    return payload instanceof Payload.Uninitialized(_, var device) ? device : spec().device();
  }

  Payload payload() {
    return payload;
  }

  Layout layout() {
    return payload.layout();
  }

  Shared shared() {
    return shared;
  }

  private Object markForViews() {
    WeakReference<Object> known = markOfViews;
    Object mark = known == null ? null : known.get();
    return mark != null ? mark : newMark();
  }

  private synchronized Object newMark() {
    WeakReference<Object> known = markOfViews;
    Object mark = known == null ? null : known.get();
    if (mark == null) {
      mark = new Object();
      markOfViews = new WeakReference<>(mark);
    }
    return mark;
  }

  /// Whether there is a view of this that someone may still read (rule SW-41).
  boolean isViewed() {
    WeakReference<Object> known = markOfViews;
    return known != null && known.get() != null && !shared.isExclusive();
  }

  boolean isView() {
    return parent != null;
  }

  /// The body whose storage this reads, through any number of views.
  TensorBody root() {
    TensorBody body = this;
    while (body.parent != null) {
      body = body.parent;
    }
    return body;
  }

  @Nullable TensorBody parent() {
    return parent;
  }

  @Nullable View view() {
    return view;
  }

  /// The views that lead from [#root()] here, outermost first.
  List<View> path() {
    List<View> path = new ArrayList<>();
    for (TensorBody body = this; body.view != null && body.parent != null; body = body.parent) {
      path.addFirst(body.view);
    }
    return path;
  }

  /// The elements as a kernel sees them.
  ///
  /// @throws NoDataException on the meta device
  /// @throws ReleasedException if a memory scope has taken the storage back
  /// @throws UnsupportedOperatorException if it is of a kind, which has no elements of its own
  ///   (rule SC-10)
  Operand operand(String operator) {
    return switch (payload) {
      case Payload.Dense dense -> {
        if (dense.storage().isReleased()) {
          throw new ReleasedException(
              operator
                  + ": the tensor "
                  + spec
                  + " was made in a memory scope that has ended;"
                  + " return it from the scope or keep it with Scope.keep");
        }
        yield dense.operand(dtype());
      }
      case Payload.Meta _ ->
          throw new NoDataException(
              operator + ": the tensor " + spec + " has no data; it is on the meta device");
      case Payload.Uninitialized uninitialized -> throw uninitialized.unknown();
      case Payload.Wrapped<?> wrapped -> throw wrapped.kind().hasNoElements(operator, spec());
    };
  }

  @Nullable Tape tape() {
    return tape;
  }

  Tape tapeOrNew() {
    Tape known = tape;
    if (known == null) {
      known = new Tape();
      tape = known;
    }
    return known;
  }

  /// Adds an owner: a node that saved this body, a snapshot. The first after the last takes a share
  /// of the storage again, so that each share given back was taken before.
  void retain() {
    int before = (int) OWNERS.getAndAdd(this, 1);
    if (before == 0) {
      shared.retain();
    }
  }

  /// Takes an owner away.
  void release() {
    int left = (int) OWNERS.getAndAdd(this, -1) - 1;
    if (left == 0) {
      shared.release();
    }
  }

  /// Gives up the handle's share, unless it was kept; calling it again does nothing.
  void disown() {
    if (ownership == Ownership.HANDLE) {
      ownership = Ownership.GONE;
      release();
    }
  }

  /// Excludes this body from memory scopes; someone will hold it for as long as they like.
  void keep() {
    switch (ownership) {
      case HANDLE -> ownership = Ownership.KEPT;
      case GONE -> {
        retain();
        ownership = Ownership.KEPT;
      }
      case KEPT, ADRIFT -> {}
    }
  }

  /// Keeps a body that is about to be another handle's. One that was kept before stays so; any
  /// other may be in the hands of a call that did not announce itself.
  void setAdrift() {
    switch (ownership) {
      case HANDLE -> ownership = Ownership.ADRIFT;
      case GONE -> {
        retain();
        ownership = Ownership.ADRIFT;
      }
      case KEPT, ADRIFT -> {}
    }
  }

  boolean isKept() {
    return switch (ownership) {
      case KEPT, ADRIFT -> true;
      case HANDLE, GONE -> false;
    };
  }

  /// Whether a call must announce that it reads this; see [Readers]. That it must stays true when
  /// the body was let go: a call may have got hold of it just before.
  boolean isGuarded() {
    return ownership != Ownership.HANDLE;
  }

  /// Gives up the share of a kept body that no handle holds any more.
  void letGo() {
    if (ownership == Ownership.KEPT) {
      ownership = Ownership.GONE;
      release();
    }
  }

  /// Puts a kept body under the care of memory scopes again.
  void unkeep() {
    if (ownership == Ownership.KEPT) {
      ownership = Ownership.HANDLE;
    }
  }

  /// Whether there is one share only, of a storage that nobody else reads.
  boolean isExclusive() {
    return owners == 1 && ownership == Ownership.GONE && shared.isExclusive();
  }
}
