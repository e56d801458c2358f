package dev.proteus.tensor;

import dev.proteus.error.AutogradException;
import dev.proteus.error.DTypeException;
import dev.proteus.error.ShapeException;
import dev.proteus.op.ArrangeOps;
import dev.proteus.op.Copies;
import dev.proteus.op.Index;
import dev.proteus.op.Op;
import dev.proteus.op.Place;
import dev.proteus.op.Reinterpret;
import dev.proteus.op.Reshape;
import dev.proteus.op.TensorOps;
import dev.proteus.op.Transfer;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import dev.proteus.type.Layout;
import dev.proteus.type.Promotion;
import dev.proteus.type.Scalar;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// A multi-dimensional array with a place on a device and, if wanted, in a derivative graph.
///
/// A tensor is an identity that holds a body: content, gradient and history are the body's and can
/// be exchanged with another tensor's by [#swap(Tensor, Tensor)], so that everyone who holds the
/// tensor sees the new content (rules D-1, D-2). Equality is identity; values are compared with
/// operators.
///
/// Operators are the methods of [TensorOps]; those that write in place end in an underscore.
/// Factories take the default device and dtype of [Scope]. Tensors may be read from many threads;
/// writes in place need the care that any shared array needs.
///
/// ```java
/// Tensor x = Tensor.of(1.0, 2.0, 3.0).requiresGrad_(true);
/// x.mul(x).sum().backward();
/// x.grad(); // [2, 4, 6]
/// ```
public sealed class Tensor
    implements TensorOps<Tensor>, InPlaceOps, InPlaceIndexOps, InPlaceRandomOps, HostValues
    permits ModuleTensor {
  private static final AtomicLong ORDER = new AtomicLong();

  /// Creation order; locks of several tensors are taken in it (rule SW-47).
  private final long order = ORDER.getAndIncrement();

  private volatile TensorBody body;

  /// Who wants to hear of other bodies; most tensors have nobody.
  private volatile @Nullable BodyListeners listeners;

  Tensor(TensorBody body) {
    this.body = body;
  }

  /// What this thread reads: what the handle holds, or what a snapshot in force holds for it.
  final TensorBody body() {
    return Snapshot.seen(this, body);
  }

  /// What the handle holds, whatever snapshots say: what swaps exchange.
  final TensorBody held() {
    return body;
  }

  final void body(TensorBody newBody) {
    body = newBody;
  }

  final long order() {
    return order;
  }

  @Override
  public final Tensor self() {
    return this;
  }

  /// The default floating type of [Scope].
  @Override
  public final DType defaultDType() {
    return Scope.dtype();
  }

  @Override
  public final List<Tensor> apply(Op op, List<Tensor> inputs) {
    return Dispatcher.apply(op, inputs);
  }

  /// Runs `op` on `inputs` and writes its result into this tensor, converting within its category
  /// of types.
  ///
  /// @return this
  /// @throws ShapeException if the result has another shape, or this tensor's elements overlap
  ///   (rules BC-2, BC-3)
  /// @throws DTypeException if the result's type is of a higher category (rule DT-5)
  /// @throws AutogradException if this is a leaf that requires grad, or a view of one, and
  ///   gradients are recorded (rule AG-22)
  @Override
  public final Tensor applyInPlace(Op op, List<Tensor> inputs) {
    return Dispatcher.applyInPlace(op, inputs, this);
  }

  // ---- factories

  /// Real numbers along one axis, in the default floating type (rule FC-1).
  public static Tensor of(double... values) {
    return Literals.reals(values, Shape.of(values.length));
  }

  /// Real numbers of this shape, row-major, in the default floating type.
  public static Tensor of(double[] values, long... sizes) {
    return Literals.reals(values, Shape.of(sizes));
  }

  /// float32 values of this shape, row-major.
  public static Tensor of(float[] values, long... sizes) {
    return Literals.bytes(MemorySegment.ofArray(values), Shape.of(sizes), DType.FLOAT32);
  }

  /// Integers along one axis, as int64 (rule FC-1).
  public static Tensor of(long... values) {
    return of(values, values.length);
  }

  /// int64 values of this shape, row-major.
  public static Tensor of(long[] values, long... sizes) {
    return Literals.bytes(MemorySegment.ofArray(values), Shape.of(sizes), DType.INT64);
  }

  /// int32 values of this shape, row-major.
  public static Tensor of(int[] values, long... sizes) {
    return Literals.bytes(MemorySegment.ofArray(values), Shape.of(sizes), DType.INT32);
  }

  /// Truth values along one axis.
  public static Tensor of(boolean... values) {
    return of(values, values.length);
  }

  /// Truth values of this shape, row-major.
  public static Tensor of(boolean[] values, long... sizes) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (values[i] ? 1 : 0);
    }
    return Literals.bytes(MemorySegment.ofArray(bytes), Shape.of(sizes), DType.BOOL);
  }

  /// Rows of real numbers, in the default floating type.
  ///
  /// @throws ShapeException if rows differ in length (rule FC-1)
  public static Tensor of(double[][] rows) {
    return Literals.rows(rows);
  }

  /// Rows of integers, as int64.
  ///
  /// @throws ShapeException if rows differ in length (rule FC-1)
  public static Tensor of(long[][] rows) {
    return Literals.rows(rows);
  }

  /// A 0-dim tensor: a bool, an int64, or a real in the default floating type (rule FC-1).
  public static Tensor scalar(Scalar value) {
    DType dtype = Promotion.of(value, Scope.dtype());
    return Factory.full(Shape.SCALAR, value, dtype);
  }

  /// A 0-dim tensor in the default floating type.
  public static Tensor scalar(double value) {
    return scalar(Scalar.of(value));
  }

  /// Bytes of elements of `dtype`, row-major, in the machine's byte order.
  ///
  /// @throws ShapeException if their number does not fit the shape
  public static Tensor ofBytes(MemorySegment bytes, Shape shape, DType dtype) {
    return Literals.bytes(bytes, shape, dtype);
  }

  /// A tensor whose elements are these bytes: no copy is made where the default device works in
  /// memory of the host. What is written in place is written there.
  ///
  /// They are copied if the device cannot take them, or if they are not aligned for `dtype`. Either
  /// way nobody else may write or free them until `released` runs, on any thread: once, when the
  /// last tensor has let go of them or, if they were copied, before this returns.
  ///
  /// Where this throws, `released` has not run.
  ///
  /// @throws ShapeException if their number does not fit the shape
  public static Tensor sharing(MemorySegment bytes, Shape shape, DType dtype, Runnable released) {
    return Literals.sharing(bytes, shape, dtype, released);
  }

  /// Memory of this shape with undefined content.
  public static Tensor empty(Shape shape, DType dtype) {
    return Factory.empty(shape, dtype);
  }

  /// Memory of this shape, in the default floating type, with undefined content.
  public static Tensor empty(long... sizes) {
    return empty(Shape.of(sizes), Scope.dtype());
  }

  public static Tensor zeros(long... sizes) {
    return zeros(Shape.of(sizes), Scope.dtype());
  }

  public static Tensor zeros(Shape shape, DType dtype) {
    return Factory.full(shape, Scalar.of(0L), dtype);
  }

  public static Tensor ones(long... sizes) {
    return ones(Shape.of(sizes), Scope.dtype());
  }

  public static Tensor ones(Shape shape, DType dtype) {
    return Factory.full(shape, Scalar.of(1L), dtype);
  }

  /// One number repeated, in the type it has by itself (rule FC-2).
  public static Tensor full(Shape shape, Scalar value) {
    return full(shape, value, Promotion.of(value, Scope.dtype()));
  }

  /// One number repeated.
  public static Tensor full(Shape shape, Scalar value, DType dtype) {
    return Factory.full(shape, value, dtype);
  }

  /// The integers from 0 to `end`, exclusive, as int64 (rule FC-2).
  public static Tensor arange(long end) {
    return arange(0, end, 1);
  }

  /// The integers from `start` to `end`, exclusive, in steps, as int64 (rule FC-2).
  public static Tensor arange(long start, long end, long step) {
    return Factory.arange(Scalar.of(start), Scalar.of(end), Scalar.of(step));
  }

  /// The real numbers from `start` to `end`, exclusive, in steps, in the default floating type
  /// (rule FC-2).
  public static Tensor arange(double start, double end, double step) {
    return Factory.arange(Scalar.of(start), Scalar.of(end), Scalar.of(step));
  }

  /// `count` real numbers evenly spaced from `start` to `end`, both included.
  public static Tensor linspace(double start, double end, long count) {
    return Factory.linspace(start, end, count);
  }

  /// `count` numbers from `base` to the power of `start` to that of `end`, both included, each the
  /// same multiple of the one before.
  public static Tensor logspace(double start, double end, long count, double base) {
    return linspace(start, end, count).rpow(base);
  }

  /// The square matrix with ones on its diagonal.
  public static Tensor eye(long size) {
    return Factory.eye(size, size);
  }

  /// The matrix with ones on its diagonal.
  public static Tensor eye(long rows, long columns) {
    return Factory.eye(rows, columns);
  }

  /// Random numbers from [0, 1), from the generator of [Scope].
  public static Tensor rand(long... sizes) {
    return Factory.rand(Shape.of(sizes), Scope.dtype());
  }

  /// Random numbers from the standard normal distribution, from the generator of [Scope].
  public static Tensor randn(long... sizes) {
    return Factory.randn(Shape.of(sizes), Scope.dtype());
  }

  /// Random numbers from [0, 1) of a floating type, from the generator of [Scope].
  public static Tensor rand(Shape shape, DType dtype) {
    return Factory.rand(shape, dtype);
  }

  /// Random numbers from the standard normal distribution in a floating type, from the generator of
  /// [Scope].
  public static Tensor randn(Shape shape, DType dtype) {
    return Factory.randn(shape, dtype);
  }

  /// Random int64 from `low` to `high`, exclusive, from the generator of [Scope].
  public static Tensor randint(long low, long high, long... sizes) {
    return Factory.randint(low, high, Shape.of(sizes));
  }

  /// The integers from 0 to `count`, exclusive, in random order.
  public static Tensor randperm(long count) {
    return Factory.randperm(count);
  }

  /// Tensors joined along an existing axis (rule IX-8).
  public static Tensor cat(List<Tensor> tensors, int axis) {
    return ArrangeOps.cat(tensors, axis);
  }

  /// Tensors of one shape joined along a new axis (rule IX-8).
  public static Tensor stack(List<Tensor> tensors, int axis) {
    return ArrangeOps.stack(tensors, axis);
  }

  // ---- what it is

  @Override
  public final TensorSpec spec() {
    return body().spec();
  }

  /// The spec; of what is uninitialized, type and device with no elements (rule SD-64).
  public final TensorSpec knownSpec() {
    return body().knownSpec();
  }

  public final Shape shape() {
    return body().spec().shape();
  }

  public final DType dtype() {
    return body().dtype();
  }

  public final Device device() {
    return body().device();
  }

  /// Whether type and device are known and the shape is not, so that no operator can use this yet
  /// (rule SD-60).
  public final boolean isUninitialized() {
    return body().payload() instanceof Payload.Uninitialized;
  }

  /// Number of axes.
  public final int rank() {
    return shape().rank();
  }

  /// Number of elements.
  public final long numel() {
    return shape().numel();
  }

  /// Size along `axis`, which may count from the end.
  public final long size(int axis) {
    return shape().size(axis);
  }

  /// How the elements lie in the storage.
  public final Layout layout() {
    return body().layout();
  }

  public final boolean isContiguous() {
    return body().layout().isContiguous();
  }

  /// Whether this reads the storage of another tensor through a view operator.
  public final boolean isView() {
    return body().isView();
  }

  /// Whether this and `other` read the same storage; of a kind, one of its parts'.
  public final boolean sharesStorageWith(Tensor other) {
    return KindBody.shareStorage(body(), other.body());
  }

  /// How often the storage was written in place (rule AG-20).
  ///
  /// @throws AutogradException if this was made in inference mode and counts no versions (rule
  ///   AG-31)
  public final int version() {
    if (isInference()) {
      throw new AutogradException(
          "version: the tensor " + spec() + " was made in inference mode and counts none");
    }
    return body().shared().version();
  }

  /// Whether this was made in inference mode, so that no recorded call can need it (rule AG-31).
  public final boolean isInference() {
    return body().shared().isInference();
  }

  // ---- copies

  /// This on another device; itself if it is there already. Differentiable: the result of a move is
  /// not a leaf (rule TT-2).
  public final Tensor to(Device device) {
    if (device.equals(device())) {
      return this;
    }
    return isUninitialized()
        ? Uninitialized.tensor(dtype(), device)
        : call(new Transfer(device), List.of(this));
  }

  @Override
  public final Tensor to(DType dtype) {
    if (dtype == dtype()) {
      return this;
    }
    return isUninitialized() ? Uninitialized.tensor(dtype, device()) : TensorOps.super.to(dtype);
  }

  /// This with another element type on another device.
  public final Tensor to(Device device, DType dtype) {
    return to(dtype).to(device);
  }

  /// Memory for a tensor like this on a device, of its kind, with undefined content.
  public final Tensor emptyLike(Device device) {
    return Kind.of(this)
        .map(kind -> Scope.memory(() -> kind.withParts(this, part -> part.emptyLike(device))))
        .orElseGet(() -> Scope.on(device, () -> empty(shape(), dtype())));
  }

  /// A copy, differentiable (rule AG-7).
  @Override
  public final Tensor clone() {
    return isUninitialized()
        ? Uninitialized.tensor(dtype(), device())
        : call(Copies.cast(dtype(), dtype()), List.of(this));
  }

  /// This in row-major order: itself if it is so already, else a copy (rule VW-2).
  @Override
  public final Tensor contiguous() {
    return isContiguous() ? this : call(Copies.contiguous(dtype()), List.of(this));
  }

  /// The same content and version without a place in the graph (rule AG-6).
  public final Tensor detach() {
    TensorBody alias = Bodies.reading(this, TensorBody::alias);
    Frame frame = Scope.current().frame();
    if (frame != null) {
      frame.add(alias);
    }
    return new Tensor(alias);
  }

  /// Makes this a leaf that does not require grad, without its history (rule AG-7).
  ///
  /// @return this
  /// @throws AutogradException if this is a view
  public final Tensor detach_() {
    Leaves.detach(body());
    return this;
  }

  /// The same elements with other sizes, never a copy (rule VW-3).
  ///
  /// @throws ShapeException if the strides do not allow it; [#reshape(Shape)] copies then
  public final Tensor view(long... sizes) {
    Shape target = Reshape.of(shape(), sizes).shape();
    if (layout().reshape(target).isEmpty()) {
      throw new ShapeException(
          "view: "
              + target
              + " is not compatible with "
              + layout()
              + "; elements of an axis would spread over two strides: use reshape (rule VW-3)");
    }
    return reshape(target);
  }

  /// The same bits read as another element type, never a copy; the last axis grows or shrinks with
  /// the width of an element. Not differentiable (rule VW-6).
  ///
  /// @throws ShapeException if the elements of the last axis do not lie side by side, or their
  ///   number does not divide
  /// @throws DTypeException if `dtype` is bool
  public final Tensor view(DType dtype) {
    return dtype == dtype() ? this : call(new Reinterpret(dtype(), dtype), List.of(this));
  }

  /// This tensor's storage read with any strides, from the first element of this.
  public final Tensor asStrided(Shape shape, long... strides) {
    return asStrided(shape, strides, layout().offset());
  }

  /// This tensor's storage read with any strides: element `[i, j, …]` is the one at `offset + i·s₀
  /// + j·s₁ + …`, counted from the start of the storage. Never a copy; of elements that are read
  ///   more than once the gradient is the sum (rule VW-6).
  ///
  /// @param strides distances between neighbours, one for each axis of `shape`
  /// @param offset place of the first element in the storage
  /// @throws ShapeException if an element would lie outside the storage
  /// @throws AutogradException if this requires grad and is a detached part of its storage
  public final Tensor asStrided(Shape shape, long[] strides, long offset) {
    return Bodies.reading(this, b -> StorageView.strided(b, shape, strides, offset));
  }

  // ---- values: the others are in HostValues

  /// The one element as a long; real values are truncated.
  @Override
  public final long itemLong() {
    return Bodies.reading(
            this, b -> HostCopies.rowMajor(HostCopies.onlyElement(b), DType.INT64, "item"))
        .get(ValueLayout.JAVA_LONG, 0);
  }

  // ---- indices

  /// What PyTorch's brackets read: a view where all indices are numbers, slices and new axes, else
  /// a copy (rules IX-1 to IX-5).
  ///
  /// ```java
  /// x.get(at(0), slice(1, 5), ellipsis(), at(rows)); // x[0, 1:5, ..., rows]
  /// ```
  @SafeVarargs
  @SuppressWarnings("varargs")
  public final Tensor get(Index<Tensor>... indices) {
    return get(List.of(indices));
  }

  /// Writes `value`, broadcast, to what [#get(Index[])] reads (rule IX-6).
  ///
  /// @return this
  @SafeVarargs
  @SuppressWarnings("varargs")
  public final Tensor set_(Tensor value, Index<Tensor>... indices) {
    return indexPut_(List.of(indices), value, Place.Mode.SET);
  }

  /// Writes a number to what [#get(Index[])] reads, converted to this tensor's type.
  ///
  /// @return this
  @SafeVarargs
  @SuppressWarnings("varargs")
  public final Tensor set_(double value, Index<Tensor>... indices) {
    return set_(full(spec().withShape(Shape.SCALAR), Scalar.of(value)), indices);
  }

  /// Writes a number to what [#get(Index[])] reads, converted to this tensor's type.
  ///
  /// @return this
  @SafeVarargs
  @SuppressWarnings("varargs")
  public final Tensor set_(long value, Index<Tensor>... indices) {
    return set_(full(spec().withShape(Shape.SCALAR), Scalar.of(value)), indices);
  }

  // ---- gradients

  /// Whether gradients flow to this tensor.
  public final boolean requiresGrad() {
    return Recorder.requiresGrad(body());
  }

  /// Whether this is not the result of a recorded call (rule AG-1).
  public final boolean isLeaf() {
    Edge edge = Recorder.edge(body());
    return edge == null || edge.target() instanceof Accumulator;
  }

  /// Makes this leaf take part in graphs from now on, or not.
  ///
  /// @return this
  /// @throws DTypeException if the type is not floating (rule AG-2)
  /// @throws AutogradException if this is not a leaf (rule AG-2)
  public final Tensor requiresGrad_(boolean required) {
    Leaves.requireGrad(body(), required);
    return this;
  }

  /// The accumulated gradient.
  public final Optional<Tensor> grad() {
    Tape tape = body().tape();
    return tape == null ? Optional.empty() : Optional.ofNullable(tape.grad());
  }

  /// Replaces the gradient.
  ///
  /// @throws dev.proteus.error.TensorException if shape, dtype or device differ from this tensor's
  ///   (rule AG-5)
  public final void setGrad(Tensor grad) {
    Leaves.setGrad(body(), grad);
  }

  /// Removes the gradient (rule OP-12).
  public final void clearGrad() {
    Leaves.clearGrad(body());
  }

  /// Keeps the gradient of this non-leaf when a backward pass reaches it (rule AG-4).
  public final void retainGrad() {
    Leaves.retainGrad(body());
  }

  /// Adds the gradients of this one element to the leaves it depends on.
  public final void backward() {
    backward(List.of(), BackwardOptions.DEFAULT);
  }

  /// Adds the products of `grad` with the derivative of this to the leaves it depends on.
  public final void backward(Tensor grad) {
    backward(List.of(grad), BackwardOptions.DEFAULT);
  }

  /// As [#backward()], with options.
  public final void backward(BackwardOptions options) {
    backward(List.of(), options);
  }

  /// As [#backward(Tensor)], with options.
  public final void backward(Tensor grad, BackwardOptions options) {
    backward(List.of(grad), options);
  }

  private void backward(List<Tensor> grads, BackwardOptions options) {
    BackwardEngine.backward(List.of(this), grads, options);
  }

  /// The gradients of `outputs` with respect to `inputs`; no tensor's own gradient changes (rule
  /// AG-14).
  ///
  /// @param gradOutputs one per output, or empty where each output has one element
  public static List<Tensor> grad(
      List<Tensor> outputs,
      List<Tensor> inputs,
      List<Tensor> gradOutputs,
      BackwardOptions options) {
    return BackwardEngine.grad(outputs, gradOutputs, inputs, options);
  }

  /// The gradients of the one element of `output` with respect to `inputs`.
  public static List<Tensor> grad(Tensor output, List<Tensor> inputs) {
    return grad(List.of(output), inputs, List.of(), BackwardOptions.DEFAULT);
  }

  /// Lets `hook` see, and replace, the gradient of this tensor (rule AG-40).
  ///
  /// @throws AutogradException if this does not require grad
  public final HookHandle registerHook(TensorHook hook) {
    return Leaves.registerHook(body(), hook);
  }

  /// Lets `hook` know whenever a gradient was added to this leaf (rule AG-41).
  ///
  /// @throws AutogradException if this is not a leaf that requires grad
  public final HookHandle registerPostAccumulateHook(PostAccumulateHook hook) {
    return Leaves.registerPostAccumulateHook(this, hook);
  }

  // ---- identity

  /// Exchanges the contents of two tensors: values, type, device, gradient, history and hooks move,
  /// identities stay (rules SW-1 to SW-50). Copies nothing. Graphs recorded before, if they end at
  /// one of the two, become stale.
  ///
  /// @throws NullPointerException if one of them is null (rule SW-24)
  public static void swap(Tensor a, Tensor b) {
    Swap.one(a, b);
  }

  /// As [#swap(Tensor, Tensor)], with what becomes of graphs and views said.
  ///
  /// @throws dev.proteus.error.SwapRefusedException if `policy` forbids it
  public static void swap(Tensor a, Tensor b, SwapPolicy policy) {
    swapAll(List.of(new Swap(a, b)), policy);
  }

  /// Makes all exchanges or none; a tensor may be named once (rule SW-48).
  public static void swapAll(List<Swap> pairs) {
    swapAll(pairs, SwapPolicy.DEFAULT);
  }

  /// As [#swapAll(List)], with what becomes of graphs and views said; [Swap#refusals] is the dry
  /// run.
  ///
  /// @throws dev.proteus.error.SwapRefusedException if a tensor is named twice or `policy` forbids
  ///   it; nothing has changed then
  public static void swapAll(List<Swap> pairs, SwapPolicy policy) {
    Swap.all(pairs, policy);
  }

  /// Gives a tensor a new content that leaves its place among leaves alone; see [Replacement].
  ///
  /// @throws DTypeException if it requires grad and the new type cannot
  public static void replace(Tensor target, Tensor content) {
    replaceAll(List.of(new Replacement(target, content)));
  }

  /// Gives tensors new contents, all or none, that leave their places among leaves alone; see
  /// [Replacement].
  ///
  /// @throws DTypeException if a tensor requires grad and its new type cannot
  public static void replaceAll(List<Replacement> replacements) {
    replaceAll(replacements, BodyChange.Cause.SWAP, SwapPolicy.DEFAULT);
  }

  /// As [#replaceAll(List)], with what observers are told and what becomes of graphs and views.
  public static void replaceAll(
      List<Replacement> replacements, BodyChange.Cause cause, SwapPolicy policy) {
    Replacement.all(replacements, cause, policy);
  }

  /// Lets `listener` know whenever this tensor got another body. It is held weakly: it hears as
  /// long as someone holds it or the handle returned, and never keeps a swap from happening (rules
  /// SW-20, SW-51).
  public final HookHandle onBodyChange(BodyListener listener) {
    return listenersOrNew().add(listener);
  }

  private synchronized BodyListeners listenersOrNew() {
    BodyListeners known = listeners;
    listeners = known == null ? new BodyListeners() : known;
    return listeners;
  }

  /// Null where nobody ever listened.
  final @Nullable BodyListeners listeners() {
    return listeners;
  }

  @Override
  public final boolean equals(Object other) {
    return this == other;
  }

  @Override
  public final int hashCode() {
    return System.identityHashCode(this);
  }

  /// The values, abbreviated, with what differs from the defaults. Never fails, also on meta (rule
  /// MD-13).
  @Override
  public String toString() {
    return Printer.print(this, PrintOptions.DEFAULT);
  }
}
