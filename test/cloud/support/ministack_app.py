"""MiniStack with one fault mended: see "The cloud test" in docs/operations.md.

A change set with ImportExistingResources takes up a bucket that is there already. MiniStack finds it, marks it as an
import, and then refuses it, since its check of names does not know that the stack is to have this very bucket.
"""

from ministack.app import app as app
from ministack.services.cloudformation import changesets, stacks

deploy_stack = stacks._deploy_stack_async


async def deploy_stack_with_imports(stack_name, *args, imports=None, **kwargs):
    if imports:
        from ministack.services.cloudformation import _stacks

        _stacks[stack_name]["_disable_validation"] = True
    await deploy_stack(stack_name, *args, imports=imports, **kwargs)


changesets._deploy_stack_async = deploy_stack_with_imports
