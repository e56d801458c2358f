package dev.proteus.reference;

import dev.proteus.tensor.Scope;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
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

  private static <T> T onReference(Invocation<T> invocation) throws Throwable {
    return Scope.on(ReferenceProvider.DEVICE, () -> outcome(invocation)).get();
  }

  /// Scopes take no checked throwables, so what a test throws is carried around them.
  private static <T> Outcome<T> outcome(Invocation<T> invocation) {
    try {
      T result = invocation.proceed();
      return () -> result;
    } catch (Throwable thrown) {
      return () -> {
        throw thrown;
      };
    }
  }

  private interface Outcome<T> {
    T get() throws Throwable;
  }
}
