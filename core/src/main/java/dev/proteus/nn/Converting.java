package dev.proteus.nn;

import dev.proteus.error.DeviceOutOfMemoryException;
import dev.proteus.error.NoDataException;
import dev.proteus.spi.Backends;
import dev.proteus.tensor.BodyChange;
import dev.proteus.tensor.Buffer;
import dev.proteus.tensor.ModuleTensor;
import dev.proteus.tensor.Parameter;
import dev.proteus.tensor.Replacement;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.SwapPolicy;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import dev.proteus.type.Promotion;
import dev.proteus.type.TensorSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Supplier;

/// Gives all tensors of a module new contents, in two phases (rule TO-33): first every content is
/// made, seen by nobody; then all are put in place, which cannot fail. Each tensor is converted
/// once, however many names it has, so tied ones stay tied (rule TO-29).
final class Converting {
  private final Module module;
  private final String operator;
  private final Wish wish;
  private final Maker maker;
  private final SwapPolicy policy;
  private final SequencedMap<Tensor, Job> jobs = new LinkedHashMap<>();

  /// One tensor and what becomes of it.
  private record Job(String path, Tensor tensor, TensorSpec before, TensorSpec wanted) {
    boolean changesSpec() {
      return !before.equals(wanted);
    }

    /// Whether converting back gives every old value again.
    boolean isReversible() {
      DType from = before.dtype();
      DType to = wanted.dtype();
      return !wanted.device().isMeta()
          && from.isFloating() == to.isFloating()
          && Promotion.of(from, to) == to;
    }
  }

  /// What a tensor becomes. A gradient becomes what its parameter does.
  private interface Wish {
    TensorSpec of(ModuleTensor owner, TensorSpec spec);
  }

  /// How the content of a tensor is made anew.
  private interface Maker {
    Tensor make(Job job);
  }

  private Converting(Module module, String operator, Wish wish, Maker maker, SwapPolicy policy) {
    this.module = module;
    this.operator = operator;
    this.wish = wish;
    this.maker = maker;
    this.policy = policy;
  }

  // ---- what is to be done

  static void to(Module module, Conversion conversion) {
    conversion.device().ifPresent(Converting::open);
    if (stands(module, conversion)) {
      return;
    }
    Conversion.Order order = conversion.order();
    Converting all =
        new Converting(
            module,
            "to",
            (owner, spec) -> wanted(owner, spec, conversion),
            job -> copy(job, order),
            conversion.policy());
    all.addTree();
    all.jobs.values().removeIf(job -> !job.changesSpec() && isIn(job.tensor(), order));
    switch (conversion.memory()) {
      case WHOLE -> all.atOnce(BodyChange.Cause.CONVERT);
      case LOW -> all.oneByOne(BodyChange.Cause.CONVERT);
    }
  }

  /// Whether nothing is to be done. Most calls find so, and looking takes a tenth of naming all
  /// tensors.
  private static boolean stands(Module module, Conversion conversion) {
    for (Module child : module.registry().children().values()) {
      if (!stands(child, conversion)) {
        return false;
      }
    }
    for (Parameter parameter : module.registry().parameters().values()) {
      Optional<Tensor> grad = parameter.grad();
      if (!stands(parameter, parameter, conversion)
          || grad.isPresent() && !stands(grad.get(), parameter, conversion)) {
        return false;
      }
    }
    for (Buffer buffer : module.registry().buffers().values()) {
      if (!stands(buffer, buffer, conversion)) {
        return false;
      }
    }
    return true;
  }

  private static boolean stands(Tensor tensor, ModuleTensor owner, Conversion conversion) {
    TensorSpec spec = tensor.knownSpec();
    return spec.equals(wanted(owner, spec, conversion)) && isIn(tensor, conversion.order());
  }

  /// An uninitialized tensor has no elements that could lie in another order.
  private static boolean isIn(Tensor tensor, Conversion.Order order) {
    return tensor.isUninitialized() || Orders.isIn(tensor, order);
  }

  static void toEmpty(Module module, Device device, Recurse recurse) {
    open(device);
    Converting all =
        new Converting(
            module,
            "toEmpty",
            (_, spec) -> spec.withDevice(device),
            Converting::empty,
            SwapPolicy.DEFAULT);
    switch (recurse) {
      case TREE -> all.addTree();
      case SELF -> all.addOwn();
    }
    all.atOnce(BodyChange.Cause.MATERIALIZE);
  }

  /// What is on meta gets memory and its initial values; gradients there become zeros.
  static void materialize(Module module, Device device) {
    open(device);
    InitialValues initial = InitialValues.of(module);
    initial.checkKnown(module.onMeta());
    Converting all =
        new Converting(
            module,
            "materialize",
            (_, spec) -> spec.device().isMeta() ? spec.withDevice(device) : spec,
            job -> initial.make(job.tensor(), job.wanted()),
            SwapPolicy.DEFAULT);
    all.addTree();
    all.jobs.values().removeIf(job -> !job.changesSpec());
    all.atOnce(BodyChange.Cause.MATERIALIZE);
  }

  private void addTree() {
    module.namedParameters().forEach(this::addParameter);
    module.namedBuffers().forEach((path, buffer) -> add(path, buffer, buffer));
  }

  private void addOwn() {
    module.registry().parameters().forEach(this::addParameter);
    module.registry().buffers().forEach((name, buffer) -> add(name, buffer, buffer));
  }

  private void addParameter(String path, Parameter parameter) {
    add(path, parameter, parameter);
    parameter.grad().ifPresent(grad -> add(path + ".grad", grad, parameter));
  }

  private void add(String path, Tensor tensor, ModuleTensor owner) {
    TensorSpec spec = tensor.knownSpec();
    jobs.putIfAbsent(tensor, new Job(path, tensor, spec, wish.of(owner, spec)));
  }

  /// A missing backend is an error before anything else (rule TO-5).
  private static void open(Device device) {
    if (!device.isMeta()) {
      Backends.of(device);
    }
  }

  private static TensorSpec wanted(ModuleTensor owner, TensorSpec spec, Conversion conversion) {
    TensorSpec there = conversion.device().map(spec::withDevice).orElse(spec);
    boolean keeps =
        owner.isDTypePinned()
            || conversion.cast() == Conversion.Cast.FLOATING && !spec.dtype().isFloating();
    return keeps ? there : conversion.dtype().map(there::withDType).orElse(there);
  }

  // ---- how contents are made

  private static Tensor copy(Job job, Conversion.Order order) {
    TensorSpec wanted = job.wanted();
    if (job.before().device().isMeta() && !wanted.device().isMeta()) {
      throw new NoDataException(
          "to: cannot copy '%s' to %s: it is on the meta device and has no data; use toEmpty and"
                  .formatted(job.path(), wanted.device())
              + " initialise, or materialize, or load with assign (rule TO-35)");
    }
    return Orders.in(job.tensor().to(wanted.device(), wanted.dtype()), order);
  }

  private static Tensor empty(Job job) {
    return job.tensor().emptyLike(job.wanted().device());
  }

  private Tensor content(Job job, String afterwards) {
    if (job.tensor().isUninitialized()) {
      return job.tensor().to(job.wanted().device(), job.wanted().dtype());
    }
    try {
      return Scope.memory(() -> maker.make(job));
    } catch (DeviceOutOfMemoryException e) {
      TensorSpec wanted = job.wanted();
      long all = jobs.values().stream().mapToLong(j -> j.wanted().bytes()).sum();
      throw new DeviceOutOfMemoryException(
          "%s: no room for '%s', %s; the module needs %s bytes in all, %s bytes are in use on %s; it %s: %s"
              .formatted(
                  operator,
                  job.path(),
                  wanted,
                  all,
                  Backends.of(wanted.device()).memory().live(),
                  wanted.device(),
                  afterwards,
                  e.getMessage()),
          e);
    }
  }

  // ---- how they are put in place

  private void atOnce(BodyChange.Cause cause) {
    if (jobs.isEmpty()) {
      return;
    }
    Scope.noGrad(() ->
        Scope.memory(() -> {
          List<Replacement> replacements = new ArrayList<>();
          for (Job job : jobs.values()) {
            replacements.add(new Replacement(job.tensor(), content(job, "has not changed")));
          }
          Tensor.replaceAll(replacements, cause, policy);
        }));
    module.apply(Module::onBodiesReplaced);
  }

  /// A failure undoes what was done before it.
  private void oneByOne(BodyChange.Cause cause) {
    List<Job> done = new ArrayList<>();
    Scope.noGrad(() -> {
      try {
        for (Job job : jobs.values()) {
          replace(job.tensor(), cause, () -> content(job, "was converted back"));
          done.add(job);
        }
      } catch (RuntimeException e) {
        undo(done.reversed(), cause, e);
        throw e;
      }
    });
    if (!done.isEmpty()) {
      module.apply(Module::onBodiesReplaced);
    }
  }

  private void replace(Tensor tensor, BodyChange.Cause cause, Supplier<Tensor> content) {
    Scope.memory(
        () -> Tensor.replaceAll(List.of(new Replacement(tensor, content.get())), cause, policy));
  }

  private void undo(List<Job> done, BodyChange.Cause cause, RuntimeException reason) {
    List<String> lost = new ArrayList<>();
    for (Job job : done) {
      TensorSpec before = job.before();
      try {
        replace(job.tensor(), cause, () -> again(job.tensor(), before));
        if (!job.isReversible()) {
          lost.add(job.path());
        }
      } catch (RuntimeException e) {
        lost.add(job.path());
        reason.addSuppressed(e);
      }
    }
    if (!lost.isEmpty()) {
      reason.addSuppressed(
          new IllegalStateException(
              operator + ": these could not be restored exactly: " + String.join(", ", lost)));
    }
  }

  /// A content of its own, also where nothing needs to change.
  private static Tensor again(Tensor tensor, TensorSpec before) {
    Tensor back = tensor.to(before.device(), before.dtype());
    return back == tensor ? tensor.clone() : back;
  }
}
