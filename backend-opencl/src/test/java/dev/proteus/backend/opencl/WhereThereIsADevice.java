package dev.proteus.backend.opencl;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.opentest4j.TestAbortedException;

/// Leaves out the tests of the core, which know nothing of OpenCL, where there is no device; the
/// build has them run on the first one.
public final class WhereThereIsADevice implements ExecutionCondition {
  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    try {
      WithDevice.check();
      return ConditionEvaluationResult.enabled("there is a device");
    } catch (TestAbortedException e) {
      return ConditionEvaluationResult.disabled(e.getMessage());
    }
  }
}
