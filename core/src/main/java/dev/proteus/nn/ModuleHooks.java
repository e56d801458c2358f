package dev.proteus.nn;

import dev.proteus.tensor.Buffer;
import dev.proteus.tensor.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Hooks for all modules in a stretch of code (rules SD-9, SD-50, SD-53): a value, in force while a
/// lambda runs. There are none for a whole process, which would outlive whoever wanted them.
///
/// ```java
/// ModuleHooks printing =
///     ModuleHooks.builder()
///         .forward((module, inputs, output) -> {
///           System.out.println(module + ": " + output.shape());
///           return Optional.empty();
///         })
///         .build();
/// Tensor y = printing.during(() -> model.forward(x));
/// ```
///
/// Where one stretch lies in another, the hooks of both run, the outer one's first. Threads and
/// executor tasks started inside begin without any.
public final class ModuleHooks {
  private static final ScopedValue<ModuleHooks> CURRENT = ScopedValue.newInstance();
  private static final ModuleHooks NONE = builder().build();

  private final List<RegistrationHook<Parameter>> parameters;
  private final List<RegistrationHook<Buffer>> buffers;
  private final List<RegistrationHook<Module>> modules;
  private final CallHooks calls;

  private ModuleHooks(Builder builder) {
    parameters = List.copyOf(builder.parameters);
    buffers = List.copyOf(builder.buffers);
    modules = List.copyOf(builder.modules);
    calls = builder.calls.copy();
  }

  /// Collects hooks; each runs after those added before it.
  public static final class Builder {
    private final List<RegistrationHook<Parameter>> parameters = new ArrayList<>();
    private final List<RegistrationHook<Buffer>> buffers = new ArrayList<>();
    private final List<RegistrationHook<Module>> modules = new ArrayList<>();
    private final CallHooks calls = CallHooks.changeable();

    private Builder() {}

    /// Lets `hook` see and replace every parameter that is registered.
    public Builder parameter(RegistrationHook<Parameter> hook) {
      parameters.add(hook);
      return this;
    }

    /// Lets `hook` see and replace every buffer that is registered.
    public Builder buffer(RegistrationHook<Buffer> hook) {
      buffers.add(hook);
      return this;
    }

    /// Lets `hook` see and replace every child that is registered.
    public Builder module(RegistrationHook<Module> hook) {
      modules.add(hook);
      return this;
    }

    /// Runs `hook` before every call, before the module's own hooks.
    public Builder forwardPre(ForwardPreHook hook) {
      calls.before().add(hook);
      return this;
    }

    /// Runs `hook` after every call, after the module's own hooks.
    public Builder forward(ForwardHook hook) {
      calls.after().add(hook);
      return this;
    }

    /// Runs `hook` at the end of every call, after the module's own hooks, also if the call failed.
    public Builder always(AlwaysHook hook) {
      calls.always().add(hook);
      return this;
    }

    /// Runs `hook` before backward enters a module, before the module's own hooks.
    public Builder backwardPre(BackwardPreHook hook) {
      calls.beforeBackward().add(hook);
      return this;
    }

    /// Runs `hook` after backward has left a module, before the module's own hooks.
    public Builder backward(BackwardHook hook) {
      calls.afterBackward().add(hook);
      return this;
    }

    private Builder addAll(ModuleHooks more) {
      parameters.addAll(more.parameters);
      buffers.addAll(more.buffers);
      modules.addAll(more.modules);
      calls.addAll(more.calls);
      return this;
    }

    public ModuleHooks build() {
      return new ModuleHooks(this);
    }
  }

  public static Builder builder() {
    return new Builder();
  }

  /// Runs `body` with these hooks in force. The calls of modules inside see them, and backward
  /// passes over these calls, also later ones.
  public <R> R during(Supplier<R> body) {
    ModuleHooks all = builder().addAll(current()).addAll(this).build();
    return ScopedValue.where(CURRENT, all).call(body::get);
  }

  /// Runs `body` with these hooks in force; see [#during(Supplier)].
  public void during(Runnable body) {
    during(() -> {
      body.run();
      return Optional.empty();
    });
  }

  static ModuleHooks current() {
    return CURRENT.orElse(NONE);
  }

  List<RegistrationHook<Parameter>> parameters() {
    return parameters;
  }

  List<RegistrationHook<Buffer>> buffers() {
    return buffers;
  }

  List<RegistrationHook<Module>> modules() {
    return modules;
  }

  CallHooks calls() {
    return calls;
  }
}
