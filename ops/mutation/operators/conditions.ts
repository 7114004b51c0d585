/** Faults of conditions: boundaries, negations, one half of two. */
import ts from 'typescript';
import { type Operator, replaced } from './operator.ts';

const BOUNDARIES = { '<': '<=', '<=': '<', '>': '>=', '>=': '>' };
const EQUALITIES = { '===': '!==', '!==': '===' };
const LOGIC = { '&&': '||', '||': '&&' };

function swapped(table: Readonly<Record<string, string>>): Operator {
  return (node) => {
    if (!ts.isBinaryExpression(node)) return [];
    const other = table[node.operatorToken.getText()];
    return other === undefined ? [] : [replaced(node.operatorToken, other)];
  };
}

/** Loops are left alone: most of their negations only hang. */
const negated: Operator = (node) => {
  const condition = ts.isIfStatement(node) ? node.expression : ts.isConditionalExpression(node) ? node.condition : null;
  if (condition === null || (ts.isBinaryExpression(condition) && condition.operatorToken.getText() in EQUALITIES)) {
    return [];
  }
  if (ts.isPrefixUnaryExpression(condition) && condition.operator === ts.SyntaxKind.ExclamationToken) {
    return [replaced(condition, condition.operand.getText())];
  }
  return [replaced(condition, `!(${condition.getText()})`)];
};

const halved: Operator = (node) => {
  if (!ts.isBinaryExpression(node) || !(node.operatorToken.getText() in LOGIC)) return [];
  return [replaced(node, node.left.getText()), replaced(node, node.right.getText())];
};

const fallback: Operator = (node) => {
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.QuestionQuestionToken) return [];
  return [replaced(node, `(${node.left.getText()})`), replaced(node, `(${node.right.getText()})`)];
};

export const conditions: Readonly<Record<string, Operator>> = {
  boundary: swapped(BOUNDARIES),
  equality: swapped(EQUALITIES),
  logic: swapped(LOGIC),
  negation: negated,
  half: halved,
  fallback,
};
