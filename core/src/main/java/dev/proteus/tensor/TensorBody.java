package dev.proteus.tensor;

import dev.proteus.error.NoDataException;
import dev.proteus.error.ReleasedException;
import dev.proteus.op.View;
import dev.proteus.spi.Operand;
import dev.proteus.type.Layout;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
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

  private final TensorSpec spec;
  private final Payload payload;
  private final Shared shared;
  private final @Nullable TensorBody parent;
  private final @Nullable View view;

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
      TensorSpec spec,
      Payload payload,
      Shared shared,
      @Nullable TensorBody parent,
      @Nullable View view) {
    this.spec = spec;
    this.payload = payload;
    this.shared = shared;
    this.parent = parent;
    this.view = view;
    shared.retain();
  }

  /// A body with a storage of its own.
  static TensorBody fresh(TensorSpec spec, Payload payload) {
    boolean inference = Scope.current().recording().isInference();
    Shared shared =
        switch (payload) {
          case Payload.Dense(var storage, _) -> new Shared(storage, inference);
          case Payload.Meta _ -> new Shared(null, inference);
        };
    return new TensorBody(spec, payload, shared, null, null);
  }

  /// A body that reads this one through `op`.
  TensorBody viewed(View op) {
    Payload seen = payload.withLayout(op.apply(payload.layout()));
    return new TensorBody(op.spec(spec, seen.layout().shape()), seen, shared, this, op);
  }

  /// A body with the same content and version, outside any graph (rule AG-6).
  TensorBody alias() {
    return new TensorBody(spec, payload, shared, null, null);
  }

  private long storageElements() {
    return switch (payload) {
      case Payload.Dense(var storage, _) -> storage.bytes() / spec.dtype().bytes();
      case Payload.Meta(var layout) -> layout.span();
    };
  }

  /// Whether each element of the storage is one of this body.
  boolean fillsStorage() {
    return layout().isDense() && spec.numel() == storageElements();
  }

  /// A body that reads the whole storage, as elements of this type in one axis, outside any graph.
  TensorBody storage() {
    Shape shape = Shape.of(storageElements());
    return new TensorBody(
        spec.withShape(shape), payload.withLayout(Layout.contiguous(shape)), shared, null, null);
  }

  TensorSpec spec() {
    return spec;
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
        yield dense.operand(spec.dtype());
      }
      case Payload.Meta _ ->
          throw new NoDataException(
              operator + ": the tensor " + spec + " has no data; it is on the meta device");
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

  /// Adds an owner: a node that saved this body.
  void retain() {
    OWNERS.getAndAdd(this, 1);
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
