package dev.proteus.reference;

import dev.proteus.tensor.Scope;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/// Runs a test class with the reference device as the default one, whatever other backends there
/// are.
public final class OnReference implements InvocationInterceptor {
  @Override
  public <T> T interceptTestClassConstructor(
      Invocation<T> invocation,
      ReflectiveInvocationContext<Constructor<T>> constructor,
      ExtensionContext context)
      throws Throwable {
    return onReference(invocation);
  }

  @Override
  public void interceptTestMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    onReference(invocation);
  }

  @Override
  public void interceptTestTemplateMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    onReference(invocation);
  }

  /// Scopes take no checked throwables, so one that the test throws is carried around them.
  private static <T> T onReference(Invocation<T> invocation) throws Throwable {
    Outcome<T> outcome =
        Scope.on(
            ReferenceProvider.DEVICE,
            () -> {
              try {
                return new Outcome<T>(invocation.proceed(), null);
              } catch (Throwable thrown) {
                return new Outcome<T>(null, thrown);
              }
            });
    if (outcome.thrown() != null) {
      throw outcome.thrown();
    }
    return outcome.result();
  }

  private record Outcome<T>(@Nullable T result, @Nullable Throwable thrown) {}
}
