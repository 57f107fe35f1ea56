"""Says what Python and Jinja make of generated text: one JSON object of lists on stdin, the same object with what was read on stdout."""

import ast
import json
import sys

BINARY = {
    ast.BitOr: "|", ast.BitAnd: "&", ast.LShift: "<<", ast.RShift: ">>", ast.Add: "+", ast.Sub: "-", ast.Mod: "%",
}
BOOLEAN = {ast.Or: "or", ast.And: "and"}
COMPARE = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
    ast.Is: "is", ast.IsNot: "is not", ast.In: "in", ast.NotIn: "not in",
}


def constant(value):
    if value is None:
        return ["none"]
    if isinstance(value, bool):
        return ["bool", value]
    if isinstance(value, int):
        return ["int", str(value)]
    return ["float" if isinstance(value, float) else "str", value]


def tree(node):
    match node:
        case ast.Constant(value=value):
            return constant(value)
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=value)):
            return constant(-value)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return ["not", tree(operand)]
        case ast.Name(id=name):
            return ["name", name]
        case ast.Attribute(value=value, attr=name):
            return ["attribute", tree(value), name]
        case ast.Subscript(value=value, slice=index):
            return ["subscript", tree(value), tree(index)]
        case ast.Call(func=func, args=args, keywords=keywords):
            return ["call", tree(func), [tree(each) for each in args], [[each.arg, tree(each.value)] for each in keywords]]
        case ast.List(elts=items):
            return ["list", [tree(each) for each in items]]
        case ast.Tuple(elts=items):
            return ["tuple", [tree(each) for each in items]]
        case ast.Dict(keys=keys, values=values):
            return ["dict", [[tree(key), tree(value)] for key, value in zip(keys, values)]]
        case ast.BinOp(left=left, op=op, right=right):
            return [BINARY[type(op)], tree(left), tree(right)]
        case ast.BoolOp(op=op, values=[first, *others]):
            joined = tree(first)
            for each in others:
                joined = [BOOLEAN[type(op)], joined, tree(each)]
            return joined
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return [COMPARE[type(op)], tree(left), tree(right)]
        case ast.IfExp(test=test, body=value, orelse=otherwise):
            return ["conditional", tree(test), tree(value), tree(otherwise)]
    raise ValueError(ast.dump(node))


def statements(body):
    return [statement(each) for each in body if not isinstance(each, ast.Pass)]


def statement(node):
    match node:
        case ast.Assign(targets=[target], value=value):
            return ["assign", tree(target), tree(value)]
        case ast.Expr(value=value):
            return ["expression", tree(value)]
        case ast.Return(value=value):
            return ["return", tree(value)]
        case ast.Import(names=[alias]):
            return ["import", alias.name]
        case ast.ImportFrom(module=module, names=names):
            return ["from", module, [[each.name, each.asname] for each in names]]
        case ast.FunctionDef(name=name, args=args, body=body):
            missing = [None] * (len(args.args) - len(args.defaults))
            parameters = [
                [each.arg, default and tree(default)] for each, default in zip(args.args, [*missing, *args.defaults])
            ]
            if args.kwarg:
                parameters.append(["**" + args.kwarg.arg, None])
            docstring = ast.get_docstring(node, clean=False)
            return ["function", name, parameters, docstring, statements(body if docstring is None else body[1:])]
        case ast.With(items=items, body=body):
            managers = [[tree(each.context_expr), each.optional_vars and tree(each.optional_vars)] for each in items]
            return ["with", managers, statements(body)]
        case ast.If():
            branches = []
            otherwise = [node]
            while len(otherwise) == 1 and isinstance(otherwise[0], ast.If) and (not branches or is_elif(otherwise[0], node)):
                branch = otherwise[0]
                branches.append([tree(branch.test), statements(branch.body)])
                otherwise = branch.orelse
            return ["if", branches, statements(otherwise)]
        case ast.For(target=target, iter=over, body=body):
            return ["for", tree(target), tree(over), statements(body)]
        case ast.Try(body=body, handlers=[handler]):
            return ["try", statements(body), tree(handler.type), statements(handler.body)]
    raise ValueError(ast.dump(node))


def is_elif(branch, first):
    return branch.col_offset == first.col_offset


def module(source):
    parsed = ast.parse(source)
    docstring = ast.get_docstring(parsed, clean=False)
    return [docstring, statements(parsed.body if docstring is None else parsed.body[1:])]


def literal(source):
    return ast.literal_eval(source)


def expression(source):
    return tree(ast.parse(source.strip(), mode="eval").body)


def template(source):
    import jinja2.sandbox

    # As Airflow makes it: airflow/sdk/definitions/_internal/templater.py, create_template_env.
    environment = jinja2.sandbox.SandboxedEnvironment(
        undefined=jinja2.StrictUndefined, extensions=["jinja2.ext.do"], cache_size=0
    )
    return environment.from_string(source).render({})


READERS = {"literals": literal, "expressions": expression, "modules": module, "templates": template}


def main():
    asked = json.load(sys.stdin)
    sys.setrecursionlimit(10_000)
    json.dump({kind: [READERS[kind](source) for source in sources] for kind, sources in asked.items()}, sys.stdout)


if __name__ == "__main__":
    main()
