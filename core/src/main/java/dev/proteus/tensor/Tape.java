package dev.proteus.tensor;

import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// A body's place in the derivative graph. Bodies that never met one have none.
final class Tape {
  private boolean requiresGrad;
  private boolean retainsGrad;
  private @Nullable Node node;
  private int output;

  /// Of a base: how often its history was rewritten in place. Of a view: the base's count when its
  /// node was made.
  private int generation;

  private @Nullable Tensor grad;
  private volatile @Nullable Accumulator accumulator;
  private WeakReference<Tensor> handle = new WeakReference<>(null);
  private List<TensorHook> hooks = new CopyOnWriteArrayList<>();
  private List<PostAccumulateHook> postAccumulateHooks = new CopyOnWriteArrayList<>();

  boolean requiresGrad() {
    return requiresGrad || node != null;
  }

  /// Whether gradients may be accumulated here.
  boolean isLeafToLearn() {
    return requiresGrad && node == null;
  }

  void requiresGrad(boolean required) {
    requiresGrad = required;
  }

  @Nullable Node node() {
    return node;
  }

  int output() {
    return output;
  }

  void node(@Nullable Node newNode, int newOutput) {
    node = newNode;
    output = newOutput;
  }

  int generation() {
    return generation;
  }

  void generation(int newGeneration) {
    generation = newGeneration;
  }

  @Nullable Tensor grad() {
    return grad;
  }

  void grad(@Nullable Tensor newGrad) {
    grad = newGrad;
  }

  boolean retainsGrad() {
    return retainsGrad;
  }

  void retainsGrad(boolean retains) {
    retainsGrad = retains;
  }

  List<TensorHook> hooks() {
    return hooks;
  }

  List<PostAccumulateHook> postAccumulateHooks() {
    return postAccumulateHooks;
  }

  /// The handle that post-accumulate hooks are told of, if it is still in use.
  Optional<Tensor> handle() {
    return Optional.ofNullable(handle.get());
  }

  void handle(Tensor newHandle) {
    handle = new WeakReference<>(newHandle);
  }

  /// The end point of graphs at this leaf: one, also where several threads begin graphs here, so
  /// that all of them can go stale.
  Accumulator accumulator(TensorBody body) {
    Accumulator known = accumulator;
    return known == null ? newAccumulator(body) : known;
  }

  private synchronized Accumulator newAccumulator(TensorBody body) {
    Accumulator known = accumulator;
    if (known == null) {
      known = new Accumulator(body);
      accumulator = known;
    }
    return known;
  }

  /// Makes this the tape of an alias of a leaf: gradients go where the leaf's do.
  void standInFor(Accumulator leaf) {
    requiresGrad = true;
    accumulator = leaf;
  }

  /// Takes over a leaf's place: its gradient, its hooks and whether it requires grad. Hooks stay
  /// removable, for the lists themselves move.
  void succeed(Tape leaf) {
    requiresGrad = leaf.requiresGrad;
    grad = leaf.grad;
    hooks = leaf.hooks;
    postAccumulateHooks = leaf.postAccumulateHooks;
    leaf.grad = null;
  }

  /// Makes graphs that end here stale: the body is changing hands (rule SW-34).
  synchronized void detachGraphs() {
    Accumulator known = accumulator;
    if (known != null) {
      known.poison();
      accumulator = null;
    }
  }

  /// The end point of graphs at this body, which is about to have none.
  synchronized @Nullable Accumulator takeAccumulator() {
    Accumulator known = accumulator;
    accumulator = null;
    return known;
  }

  /// Makes graphs that ended at another body end here (rule SW-35).
  synchronized void accept(Accumulator arriving, TensorBody here) {
    accumulator = arriving;
    arriving.retarget(here);
  }
}
